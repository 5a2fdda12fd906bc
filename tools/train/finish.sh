#!/bin/sh
# Makes anew what belongs to the weights of a shipped model: the goldens of its nodes and of its
# tokenizer, its atlas with the table of its card, its pictures in docs/models; then compares it with
# transformers and runs the tests. Needs a build, and the Python of requirements.txt in $PYTHON.
#   tools/train/finish.sh words
#   tools/train/finish.sh digits DATA/images/mnist
set -e
cd "$(dirname "$0")/../.."
name=${1:?a model: stories, words, translate, digits or echo}
python=${PYTHON:-python3}
heed=${HEED:-build/heed}
export HF_HUB_DISABLE_PROGRESS_BARS=1
"$python" tools/make_shipped_goldens.py "$name"
if [ -f "assets/models/$name/tokenizer.json" ]; then
    "$python" tools/make_shipped_tokens.py "$name"
fi
"$python" tools/train/atlas/make_atlas.py "$name" --card --heed "$heed" ${2:+--data "$2"} >/dev/null
"$heed" snapshot "docs/models/$name.scenario" -o "${TMPDIR:-/tmp}/heed-last.png"
"$python" tools/check_shipped.py "$name" --heed "$heed"
build/tests/core/model/test_core_model -ts="core/model/shipped*"
