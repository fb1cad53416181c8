#compdef faultline
# SPDX-License-Identifier: BSD-2-Clause
# Completion for zsh. Commands and options are those that `faultline --help` names.
local help
help=$(faultline --help 2>/dev/null)
if [[ $words[CURRENT] == -* ]]; then
    compadd -- ${(fu)"$(print -r -- $help | grep -oE -- '--[a-z][a-z-]*')"}
elif (( CURRENT == 2 )); then
    compadd -- ${(fu)"$(print -r -- $help | sed -nE 's/^ *faultline ([a-z]+).*/\1/p')"}
else
    _files
fi
