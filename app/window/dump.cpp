// The dump: what a person can read, as JSON.
#include <charconv>
#include <cmath>
#include <cstdio>

#include "app/window/scenario_runner.h"
#include "core/base/utf8.h"

namespace heed::app {

namespace {

void append_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : replace_invalid_utf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", byte);
            out += escape;
        } else {
            out += c;
        }
    }
    out += '"';
}

// The shortest text that reads back as the same number; infinities and NaN as strings.
template <class Number>
void append_number(std::string& out, Number value) {
    if (std::isnan(value)) {
        out += "\"nan\"";
    } else if (std::isinf(value)) {
        out += value < 0 ? "\"-inf\"" : "\"inf\"";
    } else {
        char text[40];
        const auto [end, failure] = std::to_chars(text, text + sizeof text, value);
        out.append(text, failure == std::errc() ? end : text);
    }
}

// A value that came from a float32 is written as one: 0.69, not 0.68999999761581421.
void append_value(std::string& out, double value) {
    const auto narrow = static_cast<float>(value);
    if (static_cast<double>(narrow) == value) {
        append_number(out, narrow);
    } else {
        append_number(out, value);
    }
}

void append_item(std::string& out, const Item& item) {
    out += "{\"id\": ";
    append_string(out, item.id);
    out += ", \"kind\": ";
    append_string(out, item.kind);
    out += ", \"text\": ";
    append_string(out, item.text);
    out += ", \"value\": ";
    if (item.value) {
        append_value(out, *item.value);
    } else {
        out += "null";
    }
    out += ", \"rect\": ";
    if (!item.rect) {
        out += "null}";
        return;
    }
    char before = '[';
    for (const float side : {item.rect->x, item.rect->y, item.rect->w, item.rect->h}) {
        out += before;
        append_number(out, side);
        before = ',';
    }
    out += "]}";
}

void append_selection(std::string& out, const Document& document) {
    const Selection& selection = document.selection();
    out += "{\"model\": ";
    append_string(out, document.model() == nullptr ? "" : document.model()->summary().name);
    out += ", \"layer\": " + std::to_string(selection.layer);
    out += ", \"head\": " + std::to_string(selection.head);
    out += ", \"query\": " + std::to_string(selection.query);
    out += ", \"key\": " + std::to_string(selection.key);
    out += ", \"node\": ";
    append_string(out, selection.node);
    out += ", \"site\": ";
    append_string(out, selection.site);
    out += "}";
}

}  // namespace

std::string make_dump(const Program& program, int width, int height, float scale) {
    std::string out = "{\"size\": [" + std::to_string(width) + ", " + std::to_string(height);
    out += "], \"scale\": ";
    append_number(out, scale);
    out += ",\n \"selection\": ";
    append_selection(out, program.document());
    out += ",\n \"items\": [";
    const char* before = "\n  ";
    for (const Item& item : program.items().items()) {
        out += before;
        append_item(out, item);
        before = ",\n  ";
    }
    out += "\n ]}\n";
    return out;
}

}  // namespace heed::app
