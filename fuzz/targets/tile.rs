//! Tiles and inclusion proofs: of a log made from the input, whatever is handed in, only true hashes and true proofs
//! are accepted.

#![no_main]

use std::sync::LazyLock;

use gvm::verify::tlog::{Hash, InclusionProof, Node, TileHeight, Tiles, TreeHead, tiles_needed};
use gvm_fuzz::input::Input;
use gvm_fuzz::log::Log;
use libfuzzer_sys::fuzz_target;

const MOST: usize = 40;

/// Its first records are the log when it was smaller.
static LOG: LazyLock<Log> =
    LazyLock::new(|| Log::of((0..MOST).map(|number| vec![number as u8]).collect()));

fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let size = input.below(MOST + 1);
    let height = TileHeight::new(1 + input.byte() % 4).expect("1 to 4 are heights");
    let id = input.byte();
    let older = input.below(size + 1);
    let tree = TreeHead { size: size as u64, hash: LOG.root(0..size) };
    check_tiles(&mut input, tree, height, (u64::from(id), older as u64));
});

/// Asks for what `id` and the tree of `older` records need.
fn check_tiles(input: &mut Input<'_>, tree: TreeHead, height: TileHeight, (id, older): (u64, u64)) {
    let mut nodes = Node::covering(0..older);
    nodes.extend(InclusionProof::nodes(id, tree.size));
    nodes.push(Node::record(id));
    let needed = tiles_needed(tree.size, &nodes, height);
    let mut content = LOG.serve(&needed);
    let order = input.byte();
    let proof_is_next = order & 1 != 0;
    if !proof_is_next {
        let spoiled = needed.get(input.below(needed.len())).and_then(|tile| content.get_mut(tile));
        if let Some(spoiled) = spoiled {
            input.spoil(spoiled);
        }
    }
    let is_true = content == LOG.serve(&needed);
    if order & 2 != 0 {
        // The tiles of a log that has grown since: what exceeds their width is nobody's concern here.
        for (tile, content) in &mut content {
            content.resize(tile.full().content_len() as usize, 0xee);
        }
    }
    let Ok(tiles) = Tiles::authenticate(tree, &nodes, height, &content) else {
        assert!(!is_true, "true tiles are refused");
        return;
    };
    assert!(is_true, "an altered tile is accepted");
    // Every hash that can be read is the log's.
    for level in 0..7 {
        for number in 0..tree.size >> level {
            let node = Node { level, number };
            let (first, next) = (number << level, (number + 1) << level);
            let expected = LOG.root(first as usize..next as usize);
            assert!(
                tiles.hash(node).is_ok_and(|hash| hash == expected) || tiles.hash(node).is_err()
            );
        }
    }
    assert_eq!(tiles.root_at(older), Ok(LOG.root(0..older as usize)));
    match InclusionProof::build(id, &tiles) {
        Ok(proof) if id < tree.size => check_proof(input, tree, id, proof),
        Ok(proof) => {
            let record = Hash::of_record(&[id as u8]);
            assert!(proof.check(tree, id, record).is_err(), "a record that is not in the tree");
        }
        Err(error) => panic!("{error}: the tiles are there"),
    }
}

/// The proof that was built is accepted, and no other: not one hash of it, not its length, nor its record or place.
fn check_proof(input: &mut Input<'_>, tree: TreeHead, id: u64, proof: InclusionProof) {
    let record = LOG.root(id as usize..id as usize + 1);
    assert_eq!(proof.check(tree, id, record), Ok(()));
    let path = proof.path.iter().flat_map(|hash| *hash.as_bytes());
    let proof: Vec<u8> = path.chain(*record.as_bytes()).chain(id.to_be_bytes()).collect();
    let mut other = proof.clone();
    input.spoil(&mut other);
    let Some((hashes, id)) = other.split_last_chunk::<8>() else { return };
    let (hashes, odd) = hashes.as_chunks::<{ Hash::LEN }>();
    let Some((record, path)) = hashes.split_last().filter(|_| odd.is_empty()) else { return };
    let path = path.iter().map(|hash| Hash::new(*hash)).collect();
    let id = u64::from_be_bytes(*id);
    let accepted = InclusionProof { path }.check(tree, id, Hash::new(*record)).is_ok();
    assert!(!accepted || other == proof, "a false proof is accepted");
}
