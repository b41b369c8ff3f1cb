# The shims stand first on PATH, once.
$env:PATH = (@(@shims@) + @("$env:PATH".Split([IO.Path]::PathSeparator) | Where-Object { $_ -and $_ -ne @shims@ })) -join [IO.Path]::PathSeparator
@interactive@
# `gvm shell` changes this shell; all else goes to the program.
function global:gvm {
    $program = @(Get-Command -Name gvm -CommandType Application -ErrorAction Stop)[0]
    if ($args.Count -eq 0 -or $args[0] -ne 'shell') {
        & $program @args
        return
    }
    $words = @($args | Select-Object -Skip 1)
    $code = & $program shell --hook powershell @words | Out-String
    if ($LASTEXITCODE -eq 0 -and $code) { Invoke-Expression $code }
}
# For the function prompt: the version in a Go project, and nothing elsewhere.
function global:gvm_prompt {
    $program = @(Get-Command -Name gvm -CommandType Application -ErrorAction Stop)[0]
    & $program prompt --project-only @args
}
Register-ArgumentCompleter -Native -CommandName gvm -ScriptBlock {
    param($word, $ast, $position)
    $program = @(Get-Command -Name gvm -CommandType Application -ErrorAction Stop)[0]
    $words = @($ast.CommandElements | Where-Object { $_.Extent.StartOffset -lt $position } | ForEach-Object { "$_" })
    if ($word -eq '') { $words += '' }
    $before = $env:COMPLETE
    try {
        $env:COMPLETE = 'lines'
        $lines = @(& $program '--' @words)
    } finally {
        $env:COMPLETE = $before
    }
    $lines | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        if (-not $help) { $help = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
    }
}
