#include "core/format/json.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/mapped_file.h"

namespace heed {
namespace {

constexpr std::size_t kMaxDepth = 256;

// Where the lexer is. The line counts the breaks before the last character taken, so the break that
// ends a number does not count for it.
struct LexerPosition {
    std::size_t taken = 0;
    int breaks = 0;
    bool last_was_break = false;
};

// Feeds the lexer and keeps count of the lines.
class CountingIterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, LexerPosition* position) : at_(at), position_(position) {}
    reference operator*() const { return *at_; }
    CountingIterator& operator++() {
        if (position_->last_was_break) ++position_->breaks;
        position_->last_was_break = *at_ == '\n';
        ++position_->taken;
        ++at_;
        return *this;
    }
    CountingIterator operator++(int) {
        CountingIterator before = *this;
        ++*this;
        return before;
    }
    bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
    bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

  private:
    const char* at_;
    LexerPosition* position_;
};

// A member whose key an earlier one has, or nullptr.
const Json::Member* find_repeated_key(const std::vector<Json::Member>& members) {
    constexpr std::size_t kFew = 16;
    if (members.size() <= kFew) {
        for (std::size_t i = 1; i < members.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (members[i].first == members[j].first) return &members[i];
            }
        }
        return nullptr;
    }
    // Sort by hash: keys are compared only where their hashes agree.
    std::vector<std::pair<std::size_t, const Json::Member*>> order;
    order.reserve(members.size());
    for (const Json::Member& member : members) {
        order.emplace_back(std::hash<std::string>{}(member.first), &member);
    }
    const auto comes_before = [](const auto& a, const auto& b) {
        if (a.first != b.first) return a.first < b.first;
        const int compared = a.second->first.compare(b.second->first);
        return compared != 0 ? compared < 0 : a.second < b.second;
    };
    std::sort(order.begin(), order.end(), comes_before);
    for (std::size_t i = 1; i < order.size(); ++i) {
        if (order[i].second->first == order[i - 1].second->first) return order[i].second;
    }
    return nullptr;
}

// Builds the tree from nlohmann's events.
class TreeBuilder {
  public:
    using number_integer_t = nlohmann::json::number_integer_t;
    using number_unsigned_t = nlohmann::json::number_unsigned_t;
    using number_float_t = nlohmann::json::number_float_t;
    using string_t = nlohmann::json::string_t;
    using binary_t = nlohmann::json::binary_t;

    TreeBuilder(std::string_view where, const LexerPosition& position, std::string_view text,
                std::size_t max_values)
        : where_(where), position_(position), text_(text), values_left_(max_values) {}

    bool null() { return add(Json{}); }
    bool boolean(bool value) {
        Json json;
        json.kind = Json::Kind::kBool;
        json.boolean = value;
        return add(std::move(json));
    }
    bool number_integer(number_integer_t value) {
        Json json;
        json.kind = Json::Kind::kNumber;
        json.is_integer = true;
        json.integer = value;
        json.number = static_cast<double>(value);
        return add(std::move(json));
    }
    bool number_unsigned(number_unsigned_t value) {
        if (value <= static_cast<number_unsigned_t>(INT64_MAX)) {
            return number_integer(static_cast<number_integer_t>(value));
        }
        return number_float(static_cast<double>(value), "");
    }
    bool number_float(number_float_t value, const string_t& /*text*/) {
        Json json;
        json.kind = Json::Kind::kNumber;
        json.number = value;
        return add(std::move(json));
    }
    bool string(string_t& value) {
        Json json;
        json.kind = Json::Kind::kString;
        json.string = std::move(value);
        return add(std::move(json));
    }
    bool binary(binary_t& /*value*/) { return false; }
    bool start_object(std::size_t /*elements*/) { return open(Json::Kind::kObject); }
    bool start_array(std::size_t /*elements*/) { return open(Json::Kind::kArray); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(string_t& value) {
        levels_.back().key = std::move(value);
        return true;
    }
    bool parse_error(std::size_t /*offset*/, const std::string& last_token,
                     const nlohmann::detail::exception& /*reason*/) {
        const std::string other = recognise_wrong_content(text_);
        if (!other.empty()) throw Error(where_, "", "JSON", other);
        throw Error(line_place(), "", "JSON",
                    last_token.empty() ? "the end of the text" : in_quotes(last_token, 40));
    }

    Json take() { return std::move(root_); }

  private:
    struct Level {
        Json value;
        std::string key;  // of the member whose value comes next
    };

    std::string line_place() const {
        return where_ + ": line " + std::to_string(position_.breaks + 1);
    }
    void count_value() {
        if (values_left_ == 0) {
            throw Error(line_place(), "", "fewer values", "more than heed reads in one document");
        }
        --values_left_;
    }
    bool open(Json::Kind kind) {
        if (levels_.size() >= kMaxDepth) {
            throw Error(line_place(), "",
                        "nesting of at most " + std::to_string(kMaxDepth) + " levels",
                        "deeper nesting");
        }
        count_value();
        levels_.emplace_back();
        levels_.back().value.kind = kind;
        return true;
    }
    bool close() {
        Json done = std::move(levels_.back().value);
        levels_.pop_back();
        if (const Json::Member* again = find_repeated_key(done.object)) {
            throw Error(where_ + ": line " + std::to_string(again->second.line),
                        "key " + in_quotes(again->first), "each key once", "the key twice");
        }
        return attach(std::move(done));
    }
    bool add(Json&& value) {
        count_value();
        return attach(std::move(value));
    }
    bool attach(Json&& value) {
        value.line = position_.breaks + 1;
        if (levels_.empty()) {
            root_ = std::move(value);
            return true;
        }
        Level& level = levels_.back();
        if (level.value.kind == Json::Kind::kArray) {
            level.value.array.push_back(std::move(value));
        } else {
            level.value.object.emplace_back(std::move(level.key), std::move(value));
        }
        return true;
    }

    std::string where_;
    const LexerPosition& position_;
    std::string_view text_;
    std::size_t values_left_;
    std::vector<Level> levels_;
    Json root_;
};

std::string format_number(double value) {
    if (value == std::floor(value) && std::abs(value) < 1e15) {
        return std::to_string(static_cast<std::int64_t>(value));
    }
    std::ostringstream out;
    out << value;
    return out.str();
}

}  // namespace

Json::Json() = default;
Json::~Json() = default;
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;

const Json* Json::find(std::string_view key) const {
    if (kind != Kind::kObject) return nullptr;
    for (const Member& member : object) {
        if (member.first == key) return &member.second;
    }
    return nullptr;
}

const Json* Json::find_non_null(std::string_view key) const {
    const Json* value = find(key);
    return value != nullptr && !value->is_null() ? value : nullptr;
}

std::string Json::describe() const {
    switch (kind) {
        case Kind::kNull:
            return "null";
        case Kind::kBool:
            return boolean ? "true" : "false";
        case Kind::kNumber:
            return "the number " + (is_integer ? std::to_string(integer) : format_number(number));
        case Kind::kString:
            return "the string " + in_quotes(string, 40);
        case Kind::kArray:
            return "an array of " + std::to_string(array.size());
        case Kind::kObject:
            return "an object";
    }
    report_bug(__FILE__, __LINE__, "a JSON kind that does not exist");
}

Json parse_json(std::string_view text, std::string_view where, std::size_t max_values) {
    const auto bad = find_invalid_utf8(text);
    const std::size_t zero = text.find('\0');  // the lexer would take it for the end
    if (bad || zero != std::string_view::npos) {
        const std::string other = recognise_wrong_content(text);
        if (!other.empty()) throw Error(where, "", "JSON", other);
    }
    if (bad) {
        throw Error(where, "byte " + std::to_string(*bad), "UTF-8", "a byte that is not UTF-8");
    }
    if (zero != std::string_view::npos) {
        throw Error(where, "byte " + std::to_string(zero), "JSON", "a zero byte");
    }
    LexerPosition position;
    TreeBuilder builder(where, position, text, max_values);
    nlohmann::json::sax_parse(CountingIterator(text.data(), &position),
                              CountingIterator(text.data() + text.size(), &position), &builder);
    return builder.take();
}

std::string quote_json(std::string_view text) {
    std::string out = "\"";
    for (const char c : replace_invalid_utf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(byte));
            out += escape;
        } else {
            out += c;
        }
    }
    return out + '"';
}

JsonReader::JsonReader(const Json& object, std::string where, std::string prefix)
    : object_(object), where_(std::move(where)), prefix_(std::move(prefix)) {
    if (!object.is_object()) {
        throw Error(place(object), prefix_, "an object", object.describe());
    }
}

bool JsonReader::has(std::string_view key) const {
    return object_.find_non_null(key) != nullptr;
}

std::int64_t JsonReader::get_int(std::string_view key, std::optional<std::int64_t> fallback,
                                 std::int64_t low, std::int64_t high) const {
    const std::string range =
        "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    const Json* value = object_.find_non_null(key);
    if (value == nullptr) {
        if (fallback) return *fallback;
        fail(key, range, object_.find(key));
    }
    // Some writers give whole numbers a fraction of zero.
    const bool is_whole = value->is_number() && std::floor(value->number) == value->number &&
                          std::abs(value->number) < 9e15;
    if (!is_whole) fail(key, range, value);
    const std::int64_t number =
        value->is_integer ? value->integer : static_cast<std::int64_t>(value->number);
    if (number < low || number > high) fail(key, range, value);
    return number;
}

double JsonReader::get_number(std::string_view key, std::optional<double> fallback) const {
    const Json* value = object_.find_non_null(key);
    if (value == nullptr && fallback) return *fallback;
    if (value == nullptr || !value->is_number()) fail(key, "a number", value);
    return value->number;
}

bool JsonReader::get_bool(std::string_view key, std::optional<bool> fallback) const {
    const Json* value = object_.find_non_null(key);
    if (value == nullptr && fallback) return *fallback;
    if (value == nullptr || !value->is_bool()) fail(key, "true or false", value);
    return value->boolean;
}

std::string JsonReader::get_string(std::string_view key,
                                   std::optional<std::string> fallback) const {
    const Json* value = object_.find_non_null(key);
    if (value == nullptr && fallback) return *fallback;
    if (value == nullptr || !value->is_string()) fail(key, "a string", value);
    return value->string;
}

const Json* JsonReader::get_object(std::string_view key) const {
    const Json* value = object_.find_non_null(key);
    if (value != nullptr && !value->is_object()) fail(key, "an object", value);
    return value;
}

const Json* JsonReader::get_array(std::string_view key) const {
    const Json* value = object_.find_non_null(key);
    if (value != nullptr && !value->is_array()) fail(key, "an array", value);
    return value;
}

std::string JsonReader::place(const Json& value) const {
    return value.line > 0 ? where_ + ": line " + std::to_string(value.line) : where_;
}

std::string JsonReader::field(std::string_view key) const {
    return prefix_.empty() ? std::string(key) : prefix_ + "." + std::string(key);
}

void JsonReader::fail(std::string_view key, std::string_view expected, const Json* found) const {
    throw Error(found != nullptr ? place(*found) : where_, field(key), expected,
                found != nullptr ? found->describe() : "nothing");
}

}  // namespace heed
