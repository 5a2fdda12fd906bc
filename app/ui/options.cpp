#include "app/ui/options.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <utility>

#include "core/base/error.h"

namespace heed::app {

namespace {

// The shortest text that reads back as the same number: "0.25", "3".
std::string write_real(float value) {
    char text[32];
    const auto [end, failure] = std::to_chars(text, text + sizeof text, value);
    return std::string(text, failure == std::errc() ? end : text);
}

std::string write_list(const std::vector<int>& values) {
    std::string text;
    for (const int value : values) text += (text.empty() ? "" : ",") + std::to_string(value);
    return text;
}

template <class Number>
std::optional<Number> read_number(std::string_view text) {
    Number value{};
    const char* end = text.data() + text.size();
    const auto [at, failure] = std::from_chars(text.data(), end, value);
    if (failure != std::errc() || at != end) return std::nullopt;
    return value;
}

std::optional<std::vector<int>> read_list(std::string_view text) {
    std::vector<int> values;
    bool is_ended = text.empty();
    while (!is_ended) {
        const std::size_t comma = text.find(',');
        const std::optional<int> value = read_number<int>(text.substr(0, comma));
        if (!value || *value < 0 || values.size() >= kMostListed) return std::nullopt;
        values.push_back(*value);
        is_ended = comma == std::string_view::npos;
        if (!is_ended) text.remove_prefix(comma + 1);
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

// Knows the full name of the option that it is shown.
class NamedVisitor : public OptionVisitor {
  public:
    void begin(std::string_view group) override { groups_.emplace_back(group); }
    void end() override { groups_.pop_back(); }

  protected:
    std::string full_name(std::string_view name) const {
        std::string text;
        for (const std::string& group : groups_) text += group + ".";
        return text + std::string(name);
    }

  private:
    std::vector<std::string> groups_;
};

class Lister final : public NamedVisitor {
  public:
    explicit Lister(std::vector<OptionEntry>& entries) : entries_(entries) {}

    void flag(std::string_view name, std::string_view title, bool& value) override {
        add(name, title, value ? "on" : "off", {"on", "off"}, "on or off");
    }
    void number(std::string_view name, std::string_view title, int& value, int low,
                int high) override {
        add(name, title, std::to_string(value), {},
            std::to_string(low) + " to " + std::to_string(high));
    }
    void real(std::string_view name, std::string_view title, float& value, float low,
              float high) override {
        add(name, title, write_real(value), {}, write_real(low) + " to " + write_real(high));
    }
    void choice(std::string_view name, std::string_view title, int& index,
                std::span<const std::string_view> words) override {
        std::vector<std::string> all(words.begin(), words.end());
        std::string expected;
        for (const std::string& word : all) expected += (expected.empty() ? "" : ", ") + word;
        std::string value = all[static_cast<std::size_t>(index)];
        add(name, title, std::move(value), std::move(all), std::move(expected));
    }
    void list(std::string_view name, std::string_view title, std::vector<int>& values) override {
        add(name, title, write_list(values), {}, "whole numbers between commas");
    }

  private:
    void add(std::string_view name, std::string_view title, std::string value,
             std::vector<std::string> words, std::string expected) {
        entries_.push_back({full_name(name), std::string(title), std::move(value), std::move(words),
                            std::move(expected)});
    }

    std::vector<OptionEntry>& entries_;
};

class Hasher final : public OptionVisitor {
  public:
    std::uint64_t value() const { return value_; }

    void flag(std::string_view, std::string_view, bool& value) override { add(value ? 1 : 2); }
    void number(std::string_view, std::string_view, int& value, int, int) override {
        add(static_cast<std::uint32_t>(value));
    }
    void real(std::string_view, std::string_view, float& value, float, float) override {
        add(std::bit_cast<std::uint32_t>(value));
    }
    void choice(std::string_view, std::string_view, int& index,
                std::span<const std::string_view>) override {
        add(static_cast<std::uint32_t>(index));
    }
    void list(std::string_view, std::string_view, std::vector<int>& values) override {
        add(values.size());
        for (const int value : values) add(static_cast<std::uint32_t>(value));
    }
    void begin(std::string_view) override {}
    void end() override {}

  private:
    // One round of FNV-1a over whole words.
    void add(std::uint64_t word) { value_ = (value_ ^ word) * 0x100000001B3ULL + (value_ >> 47); }

    std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

class Setter final : public NamedVisitor {
  public:
    Setter(std::string_view wanted, std::string_view text) : wanted_(wanted), text_(text) {}

    bool was_found() const { return was_found_; }
    bool was_set() const { return was_set_; }

    void flag(std::string_view name, std::string_view, bool& value) override {
        if (!is_wanted(name) || (text_ != "on" && text_ != "off")) return;
        value = text_ == "on";
        was_set_ = true;
    }
    void number(std::string_view name, std::string_view, int& value, int low, int high) override {
        if (!is_wanted(name)) return;
        const std::optional<int> read = read_number<int>(text_);
        if (!read || *read < low || *read > high) return;
        value = *read;
        was_set_ = true;
    }
    void real(std::string_view name, std::string_view, float& value, float low,
              float high) override {
        if (!is_wanted(name)) return;
        const std::optional<float> read = read_number<float>(text_);
        if (!read || !(*read >= low && *read <= high)) return;
        value = *read;
        was_set_ = true;
    }
    void choice(std::string_view name, std::string_view, int& index,
                std::span<const std::string_view> words) override {
        if (!is_wanted(name)) return;
        const auto at = std::find(words.begin(), words.end(), text_);
        if (at == words.end()) return;
        index = static_cast<int>(at - words.begin());
        was_set_ = true;
    }
    void list(std::string_view name, std::string_view, std::vector<int>& values) override {
        if (!is_wanted(name)) return;
        std::optional<std::vector<int>> read = read_list(text_);
        if (!read) return;
        values = std::move(*read);
        was_set_ = true;
    }

  private:
    bool is_wanted(std::string_view name) {
        if (full_name(name) != wanted_) return false;
        was_found_ = true;
        return true;
    }

    std::string_view wanted_;
    std::string_view text_;
    bool was_found_ = false;
    bool was_set_ = false;
};

}  // namespace

std::vector<OptionEntry> list_options(const VisitOptions& visit) {
    std::vector<OptionEntry> entries;
    Lister lister(entries);
    visit(lister);
    return entries;
}

std::vector<OptionValue> read_options(const VisitOptions& visit) {
    std::vector<OptionValue> values;
    for (OptionEntry& entry : list_options(visit)) {
        values.push_back({std::move(entry.name), std::move(entry.value)});
    }
    return values;
}

std::uint64_t hash_options(const VisitOptions& visit) {
    Hasher hasher;
    visit(hasher);
    return hasher.value();
}

void set_option(const VisitOptions& visit, std::string_view name, std::string_view text) {
    Setter setter(name, text);
    visit(setter);
    if (!setter.was_found()) throw Error("set", name, "the name of an option", "none of that name");
    if (setter.was_set()) return;
    for (const OptionEntry& entry : list_options(visit)) {
        if (entry.name == name) throw Error("set", name, entry.expected, in_quotes(text));
    }
}

}  // namespace heed::app
