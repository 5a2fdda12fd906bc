// JSON read strictly into a tree that remembers lines, so that an error can say where. Duplicate
// keys, invalid UTF-8, zero bytes, nesting deeper than 256 and trailing text are refused. It knows
// no model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heed {

// One JSON value. Members keep the file's order.
class Json {
  public:
    enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };
    using Member = std::pair<std::string, Json>;

    // Declared, not implicit: clang cannot derive them through a pair that holds this very class.
    Json();
    ~Json();
    Json(const Json& other);
    Json(Json&& other) noexcept;
    Json& operator=(const Json& other);
    Json& operator=(Json&& other) noexcept;

    Kind kind = Kind::kNull;
    int line = 0;  // 1-based line on which the value ends; 0 for a value made in memory
    bool boolean = false;
    bool is_integer = false;  // a number without fraction or exponent that fits std::int64_t
    std::int64_t integer = 0;
    double number = 0;
    std::string string;
    std::vector<Json> array;
    std::vector<Member> object;

    bool is_null() const { return kind == Kind::kNull; }
    bool is_bool() const { return kind == Kind::kBool; }
    bool is_number() const { return kind == Kind::kNumber; }
    bool is_string() const { return kind == Kind::kString; }
    bool is_array() const { return kind == Kind::kArray; }
    bool is_object() const { return kind == Kind::kObject; }

    // The member `key`, or nullptr where there is none or this is no object. A linear search:
    // objects of thousands of members are walked, not looked up.
    const Json* find(std::string_view key) const;
    // As find, and nullptr for an explicit null.
    const Json* find_non_null(std::string_view key) const;
    // "a string", "the number 3", "an array of 5": for messages.
    std::string describe() const;
};

// Values that one document may hold, unless the caller says less: what a hostile file can make heed
// allocate is bounded by it.
constexpr std::size_t kMaxJsonValues = 10'000'000;

// Parses `text`; `where` (a path) begins every message. Throws Error.
Json parse_json(std::string_view text, std::string_view where,
                std::size_t max_values = kMaxJsonValues);

// `text` as a JSON string, quotes included; what is no UTF-8 becomes U+FFFD.
std::string quote_json(std::string_view text);

// Typed reading of one object with defaults, naming the field in errors ("config.json: n_layer:
// ..."). An absent key and an explicit null both give the default.
class JsonReader {
  public:
    JsonReader(const Json& object, std::string where, std::string prefix = "");

    const Json& json() const { return object_; }
    bool has(std::string_view key) const;  // present and not null
    std::int64_t get_int(std::string_view key, std::optional<std::int64_t> fallback,
                         std::int64_t low, std::int64_t high) const;
    double get_number(std::string_view key, std::optional<double> fallback) const;
    bool get_bool(std::string_view key, std::optional<bool> fallback) const;
    std::string get_string(std::string_view key, std::optional<std::string> fallback) const;
    // The member as object or array; nullptr where absent or null; Error where it is something
    // else.
    const Json* get_object(std::string_view key) const;
    const Json* get_array(std::string_view key) const;
    // "where: line N" where the line is known: what an Error about `value` begins with.
    std::string place(const Json& value) const;
    std::string field(std::string_view key) const;  // prefix and key
    [[noreturn]] void fail(std::string_view key, std::string_view expected,
                           const Json* found) const;

  private:
    const Json& object_;
    std::string where_;
    std::string prefix_;
};

}  // namespace heed
