#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Gradescope runs this once, when it builds the autograder's image: unpacks Faultline; C exercises want gcc.
set -eu
source=${AUTOGRADER:-/autograder}/source
mkdir -p "$source/faultline"
tar -xzf "$source/faultline.tar.gz" -C "$source/faultline" --strip-components=1
. "$source/settings"
if [ "$COMPILER" = yes ] && ! command -v gcc >/dev/null; then
    apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
fi
