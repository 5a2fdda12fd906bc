// Shared by all compute programs.
#ifndef COMMON_GLSL
#define COMMON_GLSL

// Groups are numbered through two dimensions: a dispatch of n groups may be wider than one.
uint group_number() {
    return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
}

// A score that a mask has taken away.
const uint MINUS_INFINITY = 0xFF800000u;

// By bits: compilers may take infinities for numbers that never come.
bool is_masked(float score) {
    return floatBitsToUint(score) == MINUS_INFINITY;
}

#endif
