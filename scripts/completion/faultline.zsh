#compdef faultline
# SPDX-License-Identifier: BSD-2-Clause
# Completion for zsh. Commands and options are those that `faultline --help` names, and the helps of the
# commands that have one.
local help
help=$(faultline --help 2>/dev/null)
if [[ $words[CURRENT] == -* ]]; then
    [[ $words[2] == (grade|quiz|replay|report|cc) ]] && help=$(faultline $words[2] --help 2>&1)
    compadd -- ${(fu)"$(print -r -- $help | grep -oE -- '--[a-z][a-z0-9-]*')"}
elif (( CURRENT == 2 )); then
    compadd -- ${(fu)"$(print -r -- $help | sed -nE 's/^ *faultline ([a-z][a-z-]*).*/\1/p')"}
else
    (( CURRENT == 3 )) && [[ $words[2] == [a-z]* ]] &&
        compadd -- ${(fu)"$(print -r -- $help | sed -nE "s/^ *faultline $words[2] (N \| )?([a-z|]+).*/\2/p" | tr '|' '\n')"}
    _files
fi
