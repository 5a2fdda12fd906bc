#include <doctest/doctest.h>
#include <link.h>

#include <string>
#include <vector>

namespace {

// The loaded libraries in the order in which names are looked up.
std::vector<std::string> loaded_libraries() {
    std::vector<std::string> names;
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* out) {
            static_cast<std::vector<std::string>*>(out)->emplace_back(info->dlpi_name);
            return 0;
        },
        &names);
    return names;
}

// The place of the library with `part` in its name; the number of libraries where none has it.
std::size_t place_of(const std::vector<std::string>& names, const std::string& part) {
    std::size_t i = 0;
    while (i < names.size() && names[i].find(part) == std::string::npos) ++i;
    return i;
}

}  // namespace

TEST_CASE("the C library's regular expressions are found before Oniguruma's of the same names") {
    const std::vector<std::string> names = loaded_libraries();
    REQUIRE_LT(place_of(names, "/libonig"), names.size());
    CHECK_LT(place_of(names, "/libc.so"), place_of(names, "/libonig"));
}
