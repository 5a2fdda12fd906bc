#include "app/figure/svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numbers>
#include <utility>

#include "core/base/utf8.h"
#include "core/format/png.h"

namespace heed::app {

namespace {

// More cells than this become an embedded picture.
constexpr std::size_t kMostRectangles = 4096;

std::string hex(Colour c) {
    char text[8];
    std::snprintf(text, sizeof text, "#%02x%02x%02x", c.r, c.g, c.b);
    return text;
}

std::string attribute(std::string_view name, float value) {
    return " " + std::string(name) + "=\"" + svg_number(value) + "\"";
}

// fill="#rrggbb", with fill-opacity where it is not opaque; the same for strokes.
std::string paint(std::string_view what, Colour c) {
    const std::string name(what);
    std::string text = " " + name + "=\"" + hex(c) + "\"";
    if (c.a < 255) text += attribute(name + "-opacity", static_cast<float>(c.a) / 255);
    return text;
}

std::string place(const Rect& r) {
    return attribute("x", r.x) + attribute("y", r.y) + attribute("width", r.w) +
           attribute("height", r.h);
}

std::string_view family_of(FontStyle style) {
    switch (style) {
        case FontStyle::kMono:
        case FontStyle::kMonoSemiBold:
            return "'JetBrains Mono', 'DejaVu Sans Mono', monospace";
        case FontStyle::kSerifItalic:
            return "'DejaVu Serif', 'Noto Serif', serif";
        case FontStyle::kSans:
        case FontStyle::kSansSemiBold:
        case FontStyle::kSansBold:
            break;
    }
    return "Inter, 'Noto Sans', sans-serif";
}

int weight_of(FontStyle style) {
    if (style == FontStyle::kSansBold) return 700;
    const bool is_strong = style == FontStyle::kSansSemiBold || style == FontStyle::kMonoSemiBold;
    return is_strong ? 600 : 400;
}

class SvgWriter {
  public:
    SvgWriter(const Figure& figure, FigureFonts& fonts) : figure_(figure), fonts_(fonts) {}

    std::string write() {
        collect_styles();
        collect_clips();
        write_head();
        const Rect whole{0, 0, figure_.width, figure_.height};
        if (figure_.ground.a > 0) {
            out_ += "<rect" + place(whole) + paint("fill", figure_.ground) + "/>\n";
        }
        int open_clip = -1;
        for (const DrawnItem& item : figure_.items) {
            const int clip = clip_of(item);
            if (clip != open_clip) {
                if (open_clip >= 0) out_ += "</g>\n";
                if (clip >= 0) out_ += "<g clip-path=\"url(#clip" + std::to_string(clip) + ")\">\n";
                open_clip = clip;
            }
            std::visit([this](const auto& shape) { add(shape); }, item.shape);
        }
        if (open_clip >= 0) out_ += "</g>\n";
        return out_ + "</svg>\n";
    }

  private:
    using ClipKey = std::pair<std::pair<float, float>, std::pair<float, float>>;
    static ClipKey key_of(const Rect& r) { return {{r.x, r.y}, {r.w, r.h}}; }

    // -1 where nothing is clipped but by the edge of the figure.
    int clip_of(const DrawnItem& item) const {
        const auto at = clips_.find(key_of(item.clip));
        return at == clips_.end() ? -1 : at->second;
    }

    void collect_clips() {
        for (const DrawnItem& item : figure_.items) {
            const Rect& r = item.clip;
            if (r.x <= 0 && r.y <= 0 && r.right() >= figure_.width &&
                r.bottom() >= figure_.height) {
                continue;
            }
            clips_.try_emplace(key_of(r), static_cast<int>(clips_.size()));
        }
    }

    // A class of each type of text in use: styles are written once.
    void collect_styles() {
        for (const DrawnItem& item : figure_.items) {
            const auto* text = std::get_if<drawn::Text>(&item.shape);
            if (text != nullptr) types_.try_emplace(text->type, static_cast<int>(types_.size()));
        }
    }

    void write_head() {
        const std::string width = svg_number(figure_.width);
        const std::string height = svg_number(figure_.height);
        out_ += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        out_ +=
            "<svg xmlns=\"http://www.w3.org/2000/svg\" "
            "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"" +
            width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height +
            "\" role=\"img\" aria-labelledby=\"figure-title figure-desc\">\n";
        out_ += "<title id=\"figure-title\">" + escape_xml(figure_.title) + "</title>\n";
        out_ += "<desc id=\"figure-desc\">" + escape_xml(figure_.description) + "</desc>\n";
        out_ += "<style>\n";
        for (const auto& [type, number] : types_) {
            const TypeFace face = face_of(type);
            out_ += ".t" + std::to_string(number) +
                    "{font-family:" + std::string(family_of(face.style)) +
                    ";font-size:" + svg_number(face.em_px * figure_.scale) +
                    "px;font-weight:" + std::to_string(weight_of(face.style));
            if (face.style == FontStyle::kSerifItalic) out_ += ";font-style:italic";
            out_ += "}\n";
        }
        out_ += "</style>\n";
        if (clips_.empty()) return;
        std::map<int, ClipKey> ordered;
        for (const auto& [key, number] : clips_) ordered.emplace(number, key);
        out_ += "<defs>\n";
        for (const auto& [number, key] : ordered) {
            const Rect r{key.first.first, key.first.second, key.second.first, key.second.second};
            out_ += "<clipPath id=\"clip" + std::to_string(number) + "\"><rect" + place(r) +
                    "/></clipPath>\n";
        }
        out_ += "</defs>\n";
    }

    void add(const drawn::Filled& s) {
        out_ += "<rect" + place(s.rect);
        out_ += s.radius > 0 ? attribute("rx", s.radius) : " shape-rendering=\"crispEdges\"";
        out_ += paint("fill", s.colour) + "/>\n";
    }

    void add(const drawn::Outlined& s) {
        const Rect middle = inset(s.rect, s.width / 2);
        out_ += "<rect" + place(middle);
        if (s.radius > 0) out_ += attribute("rx", std::max(0.0F, s.radius - s.width / 2));
        out_ += " fill=\"none\"" + paint("stroke", s.colour) + attribute("stroke-width", s.width) +
                "/>\n";
    }

    void add(const drawn::Line& s) {
        out_ += "<line" + attribute("x1", s.from.x) + attribute("y1", s.from.y) +
                attribute("x2", s.to.x) + attribute("y2", s.to.y) + paint("stroke", s.colour) +
                attribute("stroke-width", s.width) + "/>\n";
    }

    void add(const drawn::Curve& s) {
        const float middle = (s.from.x + s.to.x) / 2;
        out_ += "<path d=\"M" + pair(s.from) + "C" + pair({middle, s.from.y}) + " " +
                pair({middle, s.to.y}) + " " + pair(s.to) + "\" fill=\"none\"" +
                paint("stroke", s.colour) + attribute("stroke-width", s.width) + "/>\n";
    }

    void add(const drawn::Triangle& s) {
        out_ += "<path d=\"M" + pair(s.a) + "L" + pair(s.b) + " " + pair(s.c) + "Z\"" +
                paint("fill", s.colour) + "/>\n";
    }

    void add(const drawn::Cells& s) {
        if (s.texels.size() > kMostRectangles) {
            add_image(s);
            return;
        }
        const float w = s.rect.w / static_cast<float>(s.columns);
        const float h = s.rect.h / static_cast<float>(s.rows);
        out_ += "<g shape-rendering=\"crispEdges\">\n";
        for (int row = 0; row < s.rows; ++row) {
            for (int column = 0; column < s.columns; ++column) {
                const Colour c = unpack_rgba(
                    s.texels[static_cast<std::size_t>(row) * static_cast<std::size_t>(s.columns) +
                             static_cast<std::size_t>(column)]);
                if (c.a == 0) continue;
                out_ += "<rect" +
                        place({s.rect.x + w * static_cast<float>(column),
                               s.rect.y + h * static_cast<float>(row), w, h}) +
                        paint("fill", c) + "/>\n";
            }
        }
        out_ += "</g>\n";
    }

    void add_image(const drawn::Cells& s) {
        std::vector<std::uint8_t> rgba;
        rgba.reserve(s.texels.size() * 4);
        for (const std::uint32_t texel : s.texels) {
            const Colour c = unpack_rgba(texel);
            rgba.insert(rgba.end(), {c.r, c.g, c.b, c.a});
        }
        out_ += "<image" + place(s.rect) +
                " preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
                "xlink:href=\"data:image/png;base64," +
                encode_base64(encode_png(s.columns, s.rows, rgba)) + "\"/>\n";
    }

    void add(const drawn::Text& s) {
        const float ascent = fonts_.shape(s, figure_.scale).ascent;
        out_ += "<text class=\"t" + std::to_string(types_.at(s.type)) + "\"";
        if (s.angle_rad == 0) {
            out_ += attribute("x", s.start.x) + attribute("y", s.start.y + ascent);
        } else {
            const float degrees = s.angle_rad * 180 / std::numbers::pi_v<float>;
            out_ += " transform=\"translate(" + pair(s.start) + ") rotate(" + svg_number(degrees) +
                    ")\"" + attribute("y", ascent);
        }
        if (s.width > 0) {
            out_ += attribute("textLength", s.width) + " lengthAdjust=\"spacingAndGlyphs\"";
        }
        // Blanks at the ends and several in a row are part of what is shown.
        if (s.text.find("  ") != std::string::npos || s.text.front() == ' ' ||
            s.text.back() == ' ') {
            out_ += " xml:space=\"preserve\"";
        }
        out_ += paint("fill", s.colour) + ">" + escape_xml(s.text) + "</text>\n";
    }

    static std::string pair(Point p) { return svg_number(p.x) + "," + svg_number(p.y); }

    const Figure& figure_;
    FigureFonts& fonts_;
    std::map<Type, int> types_;
    std::map<ClipKey, int> clips_;
    std::string out_;
};

bool is_xml_character(char32_t c) {
    if (c == '\t' || c == '\n' || c == '\r') return true;
    return c >= 0x20 && c != 0xFFFE && c != 0xFFFF;
}

}  // namespace

std::string escape_xml(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        const std::string_view bytes = text.substr(at, static_cast<std::size_t>(c.length));
        at += static_cast<std::size_t>(c.length);
        if (!c.valid || !is_xml_character(c.code_point)) {
            out += "\uFFFD";
        } else if (c.code_point == '&') {
            out += "&amp;";
        } else if (c.code_point == '<') {
            out += "&lt;";
        } else if (c.code_point == '>') {
            out += "&gt;";
        } else if (c.code_point == '"') {
            out += "&quot;";
        } else if (c.code_point == '\t' || c.code_point == '\n' || c.code_point == '\r') {
            out += "&#" + std::to_string(static_cast<int>(c.code_point)) + ";";
        } else {
            out += bytes;
        }
    }
    return out;
}

std::string svg_number(float value) {
    char text[64];
    std::snprintf(text, sizeof text, "%.3f", static_cast<double>(value));
    std::string out = text;
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
    return out == "-0" ? "0" : out;
}

std::string encode_base64(std::string_view bytes) {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += i <= count ? kLetters[group >> (18 - 6 * i) & 63] : '=';
        }
    }
    return out;
}

std::string encode_figure_svg(const Figure& figure, FigureFonts& fonts) {
    return SvgWriter(figure, fonts).write();
}

}  // namespace heed::app
