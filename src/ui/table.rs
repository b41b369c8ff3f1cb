//! Columns of text.

/// Rows laid out in columns two blanks apart; the last column is not padded.
pub fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width + 2 - cell.chars().count()));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_line_up_and_lines_end_without_blanks() {
        let rows = [["go1.21.13".into(), "a".into()], ["go1.4".into(), String::new()]];
        assert_eq!(columns(&rows), "go1.21.13  a\ngo1.4\n");
    }
}
