// Whatever parse_json takes can be walked and described; strings survive being quoted again.
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/format/json.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

void walk(const heed::Json& json) {
    if (json.describe().empty()) std::abort();
    if (json.is_string()) {
        const heed::Json again = heed::parse_json(heed::quote_json(json.string), "again");
        if (again.string != json.string) std::abort();
    }
    for (const heed::Json& value : json.array) walk(value);
    for (const heed::Json::Member& member : json.object) {
        if (json.find(member.first) != &member.second) std::abort();
        walk(member.second);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        walk(heed::parse_json(text, "input.json"));
    } catch (const heed::Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
