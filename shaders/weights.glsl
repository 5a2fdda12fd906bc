// Numbers of a weight tensor out of the words that its file has. Included by programs that read
// weights; bindings of weights are arrays of uint words.
#ifndef WEIGHTS_GLSL
#define WEIGHTS_GLSL

// One of the two numbers in a word, the first in its lower half. type: 1 F16, 2 BF16.
float half_of_word(uint word, int number, int type) {
    if (type == 1) {
        vec2 both = unpackHalf2x16(word);
        return (number & 1) == 0 ? both.x : both.y;
    }
    return uintBitsToFloat((number & 1) == 0 ? word << 16 : word & 0xFFFF0000u);
}

// Number `number` of an array of words. type: 0 F32, 1 F16, 2 BF16; a constant.
#define WEIGHT_AT(words, type, number)                      \
    ((type) == 0 ? uintBitsToFloat(words[(number)])         \
                 : half_of_word(words[(number) >> 1], (number), (type)))

#endif
