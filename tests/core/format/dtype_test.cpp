#include "core/format/dtype.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/base/check.h"

using namespace heed;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// `values` as bytes that begin at an odd address.
template <class T>
class OddBytes {
  public:
    explicit OddBytes(const std::vector<T>& values) : bytes_(values.size() * sizeof(T) + 1) {
        std::memcpy(bytes_.data() + 1, values.data(), values.size() * sizeof(T));
    }
    std::span<const std::byte> get() const { return std::span(bytes_).subspan(1); }

  private:
    std::vector<std::byte> bytes_;
};

template <class T>
std::vector<float> to_floats(Dtype dtype, const std::vector<T>& values) {
    std::vector<float> out(values.size());
    convert_to_float(dtype, OddBytes<T>(values).get(), out);
    return out;
}

template <class T>
std::vector<std::int64_t> to_integers(Dtype dtype, const std::vector<T>& values) {
    std::vector<std::int64_t> out(values.size());
    convert_to_int64(dtype, OddBytes<T>(values).get(), out);
    return out;
}

// IEEE 754 binary16, read off the definition.
double half_by_definition(unsigned half) {
    const double sign = half >= 0x8000 ? -1 : 1;
    const int exponent = static_cast<int>(half >> 10 & 31);
    const double mantissa = half & 1023;
    if (exponent == 31) return mantissa == 0 ? sign * HUGE_VAL : std::nan("");
    if (exponent == 0) return sign * std::ldexp(mantissa, -24);
    return sign * std::ldexp(1 + mantissa / 1024, exponent - 15);
}

std::vector<std::uint16_t> make_all_halves() {
    std::vector<std::uint16_t> out(65536);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint16_t>(i);
    return out;
}

}  // namespace

TEST_SUITE_BEGIN("core/dtype");

TEST_CASE("all 65,536 F16 values are exact, subnormals, infinities and NaN among them") {
    const std::vector<float> got = to_floats(Dtype::kF16, make_all_halves());
    int wrong = 0;
    for (unsigned half = 0; half < 65536; ++half) {
        const double expected = half_by_definition(half);
        const float value = got[half];
        if (std::isnan(expected)) {
            wrong += !std::isnan(value);
        } else {
            wrong += static_cast<double>(value) != expected;
        }
        wrong += std::signbit(value) != (half >= 0x8000);
    }
    CHECK_EQ(wrong, 0);
    CHECK_EQ(got[0x0001], 0x1p-24f);
    CHECK_EQ(got[0x7BFF], 65504.0f);
    CHECK_EQ(got[0xFC00], -kInfinity);
}

TEST_CASE("all 65,536 BF16 values are the upper half of a float32") {
    const std::vector<float> got = to_floats(Dtype::kBF16, make_all_halves());
    int wrong = 0;
    for (unsigned i = 0; i < 65536; ++i) wrong += std::bit_cast<std::uint32_t>(got[i]) != i << 16;
    CHECK_EQ(wrong, 0);
    CHECK_EQ(got[0x3F80], 1.0f);
    CHECK(std::isnan(got[0x7FC0]));
}

TEST_CASE("F32 is copied bit by bit") {
    const std::vector<float> values{0.0f, -0.0f, 1e-42f, kInfinity, -1.5f};
    const std::vector<float> got = to_floats(Dtype::kF32, values);
    CHECK_EQ(std::memcmp(got.data(), values.data(), values.size() * sizeof(float)), 0);
}

TEST_CASE("F64 is rounded to the nearest float32") {
    const std::vector<float> got =
        to_floats(Dtype::kF64, std::vector<double>{0.1, -1e300, 1e-300, HUGE_VAL, 16777217.0});
    CHECK_EQ(got[0], 0.1f);
    CHECK_EQ(got[1], -kInfinity);
    CHECK_EQ(got[2], 0.0f);
    CHECK_EQ(got[3], kInfinity);
    CHECK_EQ(got[4], 16777216.0f);
    CHECK(std::isnan(to_floats(Dtype::kF64, std::vector<double>{std::nan("")})[0]));
}

TEST_CASE("integers of every width keep value and sign") {
    using Integers = std::vector<std::int64_t>;
    CHECK_EQ(to_integers(Dtype::kI64, Integers{INT64_MIN, -1, INT64_MAX}),
             Integers{INT64_MIN, -1, INT64_MAX});
    CHECK_EQ(to_integers(Dtype::kI32, std::vector<std::int32_t>{INT32_MIN, -1, INT32_MAX}),
             Integers{INT32_MIN, -1, INT32_MAX});
    CHECK_EQ(to_integers(Dtype::kI16, std::vector<std::int16_t>{-32768, 32767}),
             Integers{-32768, 32767});
    CHECK_EQ(to_integers(Dtype::kI8, std::vector<std::int8_t>{-128, 127}), Integers{-128, 127});
    CHECK_EQ(to_integers(Dtype::kU32, std::vector<std::uint32_t>{UINT32_MAX}),
             Integers{UINT32_MAX});
    CHECK_EQ(to_integers(Dtype::kU16, std::vector<std::uint16_t>{65535}), Integers{65535});
    CHECK_EQ(to_integers(Dtype::kU8, std::vector<std::uint8_t>{0, 255}), Integers{0, 255});
    CHECK_EQ(to_integers(Dtype::kBool, std::vector<std::uint8_t>{0, 1, 255}), Integers{0, 1, 1});
}

TEST_CASE("no values, sizes that disagree, types that cannot be converted") {
    CHECK_NOTHROW(convert_to_float(Dtype::kF16, {}, {}));
    CHECK_NOTHROW(convert_to_int64(Dtype::kI8, {}, {}));
    std::vector<float> floats(2);
    std::vector<std::int64_t> integers(2);
    const std::vector<std::byte> bytes(5);
    CHECK_THROWS_AS(convert_to_float(Dtype::kF16, bytes, floats), Bug);
    CHECK_THROWS_AS(convert_to_int64(Dtype::kI16, bytes, integers), Bug);
    CHECK_THROWS_AS(convert_to_float(Dtype::kU8, std::span(bytes).first(2), floats), Bug);
    CHECK_THROWS_AS(convert_to_int64(Dtype::kF16, std::span(bytes).first(4), integers), Bug);
}

TEST_CASE("names and types are one to one, and none is both a float and an integer") {
    const char* names[] = {"F64", "F32",     "F16",     "BF16",    "I64",     "I32",    "I16",
                           "I8",  "U64",     "U32",     "U16",     "U8",      "BOOL",   "C64",
                           "F4",  "F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F6_E3M2"};
    for (const char* name : names) {
        CAPTURE(name);
        const auto dtype = find_dtype(name);
        REQUIRE(dtype.has_value());
        CHECK_EQ(dtype_name(*dtype), name);
        CHECK_FALSE((is_float_dtype(*dtype) && is_integer_dtype(*dtype)));
        CHECK_LE(4, dtype_bits(*dtype));
    }
    for (const char* name : {"", "f32", "F32 ", "FLOAT", "I128"}) CHECK_FALSE(find_dtype(name));
    CHECK_EQ(dtype_bits(Dtype::kBF16), 16);
    CHECK_EQ(dtype_bits(Dtype::kBool), 8);
}

TEST_SUITE_END();
