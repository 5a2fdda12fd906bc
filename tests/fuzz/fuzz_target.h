// The entry point that libFuzzer and the replay call.
#pragma once

#include <cstddef>
#include <cstdint>

// Feeds one input to the parser. Bad input ends in heed::Error, which the target catches; anything
// else that is thrown is a finding. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
