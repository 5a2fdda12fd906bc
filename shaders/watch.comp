#version 430 core
// Counts cells that are not numbers. Recorded by record_watch (app/gl/record_rows.cpp).
// Slot 0: the status, whose word COUNTER counts; slot 1: values of a node.
#include "cells.glsl"

layout(std430, binding = 0) restrict buffer Status { uint status[]; };
layout(std430, binding = 1) readonly restrict buffer In { float in_values[]; };

void main() {
    Span span = find_span();
    int from = place_of_row(1, span);
    uint found = 0u;
    for (int col = span.begin; col < span.end; col += span.step) {
        uint size = floatBitsToUint(in_values[from + col]) & 0x7FFFFFFFu;
        if (size > 0x7F800000u) ++found;
    }
    if (found > 0u) atomicAdd(status[COUNTER], found);
}
