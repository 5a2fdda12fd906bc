// Shared by all compute programs (app/gl/compute_program.cpp includes it for `#include`).
// Groups are numbered through two dimensions: a dispatch of n groups may be wider than one.

uint group_number() {
    return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
}
