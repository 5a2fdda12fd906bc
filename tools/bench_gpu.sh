#!/bin/sh
# How fast heed's products and passes are on this machine's graphics card, beside PyTorch on CUDA.
# bench_gpu.sh [--software]
# Builds what it needs (BUILD=folder, build-gpu), makes a random GPT-2 small (MODEL=folder), prints
# the renderer, the table of measured products, each product's GFLOP/s, the ratios to PyTorch
# (PYTHON=python3 with torch and transformers; left out where they or CUDA are missing) and the time
# of each op. --software goes on where only a software renderer is there: its numbers say nothing
# about a card. Exit 3: no graphics card.
set -e
root=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$root/build-gpu}
model=${MODEL:-$build/gpt2-small}
python=${PYTHON:-python3}
cd "$root"

echo "building in $build"
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DHEED_NATIVE=ON >/dev/null
cmake --build "$build" --target heed gl_bench >/dev/null
bench=$build/tests/bench/gl_bench
heed=$build/heed

if ! renderer=$("$bench" --heed_renderer 2>&1); then
    echo "no OpenGL with compute shaders: $renderer"
    exit 3
fi
echo "renderer: $renderer"
filter='.'
tokens=16,128,1024
case $renderer in
*llvmpipe* | *softpipe* | *SWR*)
    echo "no graphics card: OpenGL is computed by the processor here"
    if command -v nvidia-smi >/dev/null; then
        echo "there is an NVIDIA card; name its driver in __EGL_VENDOR_LIBRARY_FILENAMES (10_nvidia.json)"
    fi
    [ "$1" = --software ] || exit 3
    filter='^(512.3|16 x 768 x 3072|12 heads, 128 x 64 x 128)/(naive|registers)'
    tokens=16
    ;;
esac

echo "== which program for which product"
"$bench" --heed_products
echo "== products, on the device's clock"
"$bench" --benchmark_filter="$filter"

[ -f "$model/config.json" ] || "$python" tools/make_random_model.py gpt2-small "$model"
echo "== GPT-2 small, every node kept, beside PyTorch"
if "$python" -c 'import torch, transformers; assert torch.cuda.is_available()' 2>/dev/null; then
    "$python" tools/bench_pytorch.py "$model" --cuda --tokens "$tokens" --product 4096 \
        --heed "$heed bench --backend gl" --gl-bench "$bench"
else
    echo "PyTorch with CUDA and transformers are not there: heed alone"
    for length in $(echo "$tokens" | tr ',' ' '); do
        "$heed" bench -m "$model" --backend gl --tokens "$length" --repeat 5 --per-node
    done
fi
