# The shims stand first on PATH, once.
$PATH.add(@shims@, front=True, replace=True)
@interactive@
# `gvm shell` changes this shell; all else goes to the program.
def __gvm_alias(args, stdin=None, stdout=None, stderr=None):
    import subprocess
    program = __xonsh__.commands_cache.locate_binary('gvm', ignore_alias=True)
    if program is None:
        print('xonsh: subprocess mode: command not found: gvm', file=stderr)
        return 127
    environment = __xonsh__.env.detype()
    if args[:1] == ['shell']:
        call = [program, 'shell', '--hook', 'xonsh', *args[1:]]
        done = subprocess.run(call, env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode == 0:
            execx(done.stdout)
        return done.returncode
    return subprocess.run([program, *args], env=environment, stdin=stdin, stdout=stdout, stderr=stderr).returncode
__gvm_alias.__xonsh_threadable__ = False
aliases['gvm'] = __gvm_alias
# For a prompt, as in $RIGHT_PROMPT = '{gvm}': the version in a Go project, and nothing elsewhere.
def gvm_prompt():
    import subprocess
    program = __xonsh__.commands_cache.locate_binary('gvm', ignore_alias=True)
    if program is None:
        return ''
    call = [program, 'prompt', '--project-only']
    return subprocess.run(call, env=__xonsh__.env.detype(), stdout=subprocess.PIPE, text=True).stdout
$PROMPT_FIELDS['gvm'] = gvm_prompt
aliases['gvm_prompt'] = 'gvm prompt --project-only'
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
