// Sums of float32 numbers that lose nothing worth a word: what rounding takes away is carried along
// (Knuth, The Art of Computer Programming 2, section 4.2.2, theorem B). A sum is x + y of a vec2.
#ifndef EXACT_SUM_GLSL
#define EXACT_SUM_GLSL

vec2 add_exactly(vec2 sum, float number) {
    precise float total = sum.x + number;
    precise float part = total - sum.x;
    precise float lost = (sum.x - (total - part)) + (number - part);
    precise float all_lost = sum.y + lost;
    return vec2(total, all_lost);
}

#endif
