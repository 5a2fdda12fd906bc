// exp, tanh, logarithm and the normal distribution in float32 to a few units in the last place,
// whatever the driver's own are worth: the polynomials of core/ops/vector_math.h, which argues them.
// Included by programs that turn values of nodes (no unit) into others.
#ifndef MATH_GLSL
#define MATH_GLSL

// e^x for x up to 88; larger x give e^88, below -87.3 it is exactly 0, for -inf too.
float exp_of(float x) {
    const float lowest = -87.33654;  // e^x below is no normal number
    if (!(x >= lowest)) return x < lowest ? 0.0 : x;
    float bounded = min(x, 88.0);
    float n = roundEven(bounded * 1.44269504);
    precise float near = bounded - n * 0.693145752;  // few bits: the product is exact
    float r = near - n * 1.42860677e-06;
    float p = 0.0013950807;
    p = p * r + 0.00836907327;
    p = p * r + 0.0416662022;
    p = p * r + 0.166665167;
    p = p * r + 0.5;
    float power_of_r = (p * (r * r) + r) + 1.0;
    return power_of_r * uintBitsToFloat(uint(int(n) + 127) << 23);
}

// The natural logarithm of a normal number above 0. x = m 2^e with m from sqrt(1/2) to sqrt(2);
// log m = 2 s (1 + s^2/3 + s^4/5 + ...) with s = (m - 1) / (m + 1), within 3e-9 of itself.
float log_of(float x) {
    int bits = floatBitsToInt(x);
    int exponent = (bits - 0x3F3504F3) >> 23;  // counted from sqrt(1/2)
    float m = intBitsToFloat(bits - exponent * 0x800000);
    float s = (m - 1.0) / (m + 1.0);
    float square = s * s;
    float p = 0.111111111;
    p = p * square + 0.142857143;
    p = p * square + 0.2;
    p = p * square + 0.333333333;
    float of_m = 2.0 * (s + s * (square * p));
    return (of_m + float(exponent) * 1.42860677e-06) + float(exponent) * 0.693145752;
}

// Up to 0.63: x + x^3 p(x^2); beyond: 1 - 2 / (e^2x + 1).
float tanh_of(float x) {
    float size = abs(x);
    if (size >= 0.63) {
        float far = 1.0 - 2.0 / (exp_of(2.0 * size) + 1.0);
        return x < 0.0 ? -far : far;
    }
    float square = x * x;
    float p = -0.00566078071;
    p = p * square + 0.020601999;
    p = p * square - 0.0537292287;
    p = p * square + 0.133313283;
    p = p * square - 0.333332777;
    return x + x * (square * p);
}

// 1 / (1 + e^-x)
float sigmoid_of(float x) {
    return 1.0 / (1.0 + exp_of(-x));
}

// The share of a normal distribution below x: (1 + erf(x / sqrt(2))) / 2.
float normal_share_of(float x) {
    float t = 1.0 / (1.0 + 0.3 * abs(x));
    float p = -0.0206235517;
    p = p * t + 0.112436064;
    p = p * t - 0.228214651;
    p = p * t + 0.191785932;
    p = p * t - 0.0794246346;
    p = p * t + 0.0961574391;
    p = p * t + 0.0783894435;
    p = p * t + 0.110235468;
    p = p * t + 0.119571812;
    p = p * t + 0.119686693;
    float beyond = exp_of(-0.5 * x * x) * (t * p);
    return x < 0.0 ? beyond : 1.0 - beyond;
}

#ifdef ACTIVATION
// ACTIVATION is one of these, for an Activation of core/graph/node.h.
#define GELU_ERF 1
#define GELU_TANH 2
#define RELU 3
#define SILU 4
#define TANH 5
#define QUICK_GELU 6
#define SIGMOID 7

float activate(float x) {
#if ACTIVATION == GELU_ERF
    return x * normal_share_of(x);
#elif ACTIVATION == GELU_TANH
    return x * sigmoid_of(1.5957691216057308 * (x + 0.044715 * (x * x * x)));
#elif ACTIVATION == RELU
    return x < 0.0 ? 0.0 : x;
#elif ACTIVATION == SILU
    return x * sigmoid_of(x);
#elif ACTIVATION == TANH
    return tanh_of(x);
#elif ACTIVATION == QUICK_GELU
    return x * sigmoid_of(1.702 * x);
#elif ACTIVATION == SIGMOID
    return sigmoid_of(x);
#else
#error an activation that does not exist
#endif
}
#endif

#endif
