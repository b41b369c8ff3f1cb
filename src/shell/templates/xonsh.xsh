# The shims stand first on PATH, once.
$PATH.add(@shims@, front=True, replace=True)
@interactive@
# `gvm shell` changes this shell where it is typed; the program itself is no alias's, so that its streams are its own.
def __gvm_shell(args):
    import subprocess
    program = __xonsh__.commands_cache.locate_binary('gvm', ignore_alias=True)
    if program is None:
        return 127
    call = [program, 'shell', '--hook', 'xonsh', *args]
    done = subprocess.run(call, env=__xonsh__.env.detype(), stdout=subprocess.PIPE, text=True)
    if done.returncode == 0:
        execx(done.stdout)
    return done.returncode
__gvm_shell.__xonsh_threadable__ = False
aliases['gvm-shell'] = __gvm_shell
@events.on_transform_command
def __gvm_typed(cmd, **kwargs):
    is_ours = cmd.startswith('gvm shell') and cmd[9:10] in ('', ' ', '\t', '\n', ';')
    return 'gvm-shell' + cmd[9:] if is_ours else cmd
# For a prompt, as in $PROMPT = '{gvm:{} }' + $PROMPT: the version in a Go project, and nothing elsewhere.
def __gvm_field():
    import subprocess
    program = __xonsh__.commands_cache.locate_binary('gvm', ignore_alias=True)
    if program is None:
        return None
    call = [program, 'prompt', '--project-only']
    return subprocess.run(call, env=__xonsh__.env.detype(), stdout=subprocess.PIPE, text=True).stdout or None
$PROMPT_FIELDS['gvm'] = __gvm_field
aliases['gvm_prompt'] = ['gvm', 'prompt', '--project-only']
from xonsh.completers.completer import add_one_completer as __gvm_add
from xonsh.completers.tools import RichCompletion as __gvm_rich, contextual_command_completer_for as __gvm_for
@__gvm_for('gvm')
def __gvm_complete(command):
    import subprocess
    program = __xonsh__.commands_cache.locate_binary('gvm', ignore_alias=True)
    if program is None:
        return set()
    words = [arg.value for arg in command.args[:command.arg_index]] + [command.prefix]
    environment = {**__xonsh__.env.detype(), 'COMPLETE': 'lines'}
    lines = subprocess.run([program, '--', *words], env=environment, stdout=subprocess.PIPE, text=True).stdout
    parts = [line.split('\t', 1) for line in lines.splitlines()]
    return {__gvm_rich(part[0], description=part[-1], append_space=True) for part in parts}
__gvm_add('gvm', __gvm_complete, 'start')
