#include "app/text/shaper.h"

#include <hb.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

namespace heed::app {

namespace {

constexpr float kLineWithoutFonts = 1.2F;  // em
constexpr float kBoxDigits = 0.6F;         // size of the digits of a code point, in em of the text
constexpr float kBoxTop = 0.78F;           // above the baseline, in em
constexpr float kBoxHeight = 0.95F;

struct BufferDeleter {
    void operator()(hb_buffer_t* buffer) const { hb_buffer_destroy(buffer); }
};
using Buffer = std::unique_ptr<hb_buffer_t, BufferDeleter>;

// A part of a run that one font draws.
struct Piece {
    std::size_t begin = 0;  // code points
    std::size_t end = 0;
    int level = 0;
    unsigned script = 0;
    int font = -1;  // -1: nothing draws it
};

// Belongs to other characters or steers them; a font need not have it.
bool is_invisible(char32_t c) {
    return c == 0xAD || c == 0x34F || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0000 && c <= 0xE0FFF) ||
           (c >= 0x180B && c <= 0x180E);
}

// Drawn as a picture unless U+FE0E asks for the plain sign.
bool is_emoji(char32_t c) {
    constexpr std::u32string_view kOfBasicPlane =
        U"\u231A\u231B\u23E9\u23EA\u23EB\u23EC\u23F0\u23F3\u25FD\u25FE\u2614\u2615\u267F\u2693"
        U"\u26A1\u26AA\u26AB\u26BD\u26BE\u26C4\u26C5\u26CE\u26D4\u26EA\u26F2\u26F3\u26F5\u26FA"
        U"\u26FD\u2705\u270A\u270B\u2728\u274C\u274E\u2753\u2754\u2755\u2757\u2795\u2796\u2797"
        U"\u27B0\u27BF\u2B1B\u2B1C\u2B50\u2B55";
    if (c >= 0x2648 && c <= 0x2653) return true;
    if (c < 0x10000) return kOfBasicPlane.find(c) != std::u32string_view::npos;
    return (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x1F1E6 && c <= 0x1F1FF) || c == 0x1F004 ||
           c == 0x1F0CF || c == 0x1F18E || (c >= 0x1F191 && c <= 0x1F19A) || c == 0x1F201;
}

bool wants_colour(std::u32string_view cluster) {
    if (cluster.find(char32_t{0xFE0E}) != std::u32string_view::npos) return false;
    return cluster.find(char32_t{0xFE0F}) != std::u32string_view::npos || is_emoji(cluster.front());
}

bool is_simple(unsigned script) {
    return script == HB_SCRIPT_LATIN || script == HB_SCRIPT_GREEK || script == HB_SCRIPT_CYRILLIC;
}

class Line {
  public:
    Line(FontBook& fonts, Type type, float scale, std::string_view text)
        : fonts_(fonts),
          style_(face_of(type).style),
          em_px_(face_of(type).em_px * scale),
          text_(text),
          points_(decode_text(text)) {
        for (CodePoint& point : points_) {
            if (point.value == '\n' || point.value == '\r' || point.value == '\t') {
                point.value = ' ';
            }
            characters_.push_back(point.value);
        }
        language_ = guess_language();
    }

    ShapedText shape(TextDirection direction) {
        const RunList list = split_runs(points_, direction);
        shaped_.is_rtl = list.is_rtl;
        measure_line();
        begin_clusters();
        const std::vector<Piece> pieces = choose_fonts(list.runs);
        std::vector<int> levels;
        for (const Piece& piece : pieces) levels.push_back(piece.level);
        for (const std::size_t i : visual_order(levels)) {
            const Piece& piece = pieces[i];
            piece.font >= 0 ? shape_piece(piece) : box_piece(piece);
        }
        shaped_.width = pen_;
        return std::move(shaped_);
    }

  private:
    // Han characters look different in Japanese and Korean; kana and hangul tell which is meant.
    std::string guess_language() const {
        for (const char32_t c : characters_) {
            if (c >= 0x3041 && c <= 0x30FF) return "ja";
            if (c >= 0xAC00 && c <= 0xD7A3) return "ko";
        }
        return "";
    }

    void measure_line() {
        const int own = fonts_.own(style_);
        const float line = own >= 0 ? fonts_.face(own).line_per_em() : kLineWithoutFonts;
        const float ascent = own >= 0 ? fonts_.face(own).ascent_per_em() : 1;
        shaped_.height = std::max(4.0F, std::round(em_px_ * line));
        shaped_.baseline = std::round(shaped_.height * ascent / line);
    }

    void begin_clusters() {
        for (const TextSegment& segment : split_graphemes(text_)) {
            shaped_.clusters.push_back({segment.begin, segment.end, 0, 0, false});
        }
    }

    int choose_font(unsigned script, std::size_t begin, std::size_t end) {
        const std::u32string_view cluster =
            std::u32string_view(characters_).substr(begin, end - begin);
        visible_.clear();
        for (const char32_t c : cluster) {
            if (!is_invisible(c)) visible_ += c;
        }
        FontWish wish{style_, script == HB_SCRIPT_HAN ? language_ : "", script, false};
        if (visible_.empty()) return fonts_.own(style_);
        wish.wants_colour = wants_colour(cluster);
        return fonts_.find(wish, visible_);
    }

    // Cuts the runs where the font changes, never within a cluster.
    std::vector<Piece> choose_fonts(const std::vector<TextRun>& runs) {
        std::vector<Piece> pieces;
        std::size_t cluster = 0;
        for (const TextRun& run : runs) {
            for (std::size_t begin = run.begin; begin < run.end;) {
                while (shaped_.clusters[cluster].end <= points_[begin].begin) ++cluster;
                std::size_t end = begin + 1;
                while (end < run.end && points_[end].begin < shaped_.clusters[cluster].end) ++end;
                const int font = choose_font(run.script, begin, end);
                if (begin > run.begin && pieces.back().font == font && font >= 0) {
                    pieces.back().end = end;
                } else {
                    pieces.push_back({begin, end, run.level, run.script, font});
                }
                begin = end;
            }
        }
        return pieces;
    }

    std::size_t cluster_of(std::size_t byte) const {
        const auto after = std::upper_bound(
            shaped_.clusters.begin(), shaped_.clusters.end(), byte,
            [](std::size_t at, const ClusterPlace& place) { return at < place.end; });
        return static_cast<std::size_t>(after - shaped_.clusters.begin());
    }

    // The clusters of bytes [begin, end) share what lies between `left` and the pen: several where
    // one glyph stands for all of them.
    void place_clusters(std::size_t begin, std::size_t end, float left, bool is_rtl) {
        const std::size_t first = cluster_of(begin);
        const std::size_t count = cluster_of(end - 1) - first + 1;
        const float step = (pen_ - left) / static_cast<float>(count);
        for (std::size_t i = 0; i < count; ++i) {
            ClusterPlace& place = shaped_.clusters[first + i];
            const auto number = static_cast<float>(is_rtl ? count - 1 - i : i);
            // A cluster that two runs or boxes share reaches over both.
            const bool is_placed = place.right > place.left;
            const float from = left + step * number;
            place.left = is_placed ? std::min(place.left, from) : from;
            place.right = is_placed ? std::max(place.right, from + step) : from + step;
            place.is_rtl = is_rtl;
        }
    }

    void shape_piece(const Piece& piece) {
        const Buffer buffer(hb_buffer_create());
        const auto* text = reinterpret_cast<const std::uint32_t*>(characters_.data());
        hb_buffer_add_utf32(buffer.get(), text, static_cast<int>(characters_.size()),
                            static_cast<unsigned>(piece.begin),
                            static_cast<int>(piece.end - piece.begin));
        const bool is_rtl = piece.level % 2 == 1;
        hb_buffer_set_direction(buffer.get(), is_rtl ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
        hb_buffer_set_script(buffer.get(), static_cast<hb_script_t>(piece.script));
        hb_buffer_set_language(buffer.get(), language_.empty()
                                                 ? hb_language_get_default()
                                                 : hb_language_from_string(language_.c_str(), -1));
        // Letters are shown as they are: "->" is no arrow where every character counts.
        constexpr std::array<hb_feature_t, 3> kNoLigatures{
            hb_feature_t{HB_TAG('l', 'i', 'g', 'a'), 0, 0, ~0U},
            hb_feature_t{HB_TAG('c', 'l', 'i', 'g'), 0, 0, ~0U},
            hb_feature_t{HB_TAG('c', 'a', 'l', 't'), 0, 0, ~0U}};
        const unsigned features = is_simple(piece.script) ? kNoLigatures.size() : 0;
        hb_shape(fonts_.face(piece.font).at_size(em_px_), buffer.get(), kNoLigatures.data(),
                 features);
        place_glyphs(piece, buffer.get());
    }

    void place_glyphs(const Piece& piece, hb_buffer_t* buffer) {
        unsigned count = 0;
        const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer, &count);
        const hb_glyph_position_t* places = hb_buffer_get_glyph_positions(buffer, &count);
        const bool is_rtl = piece.level % 2 == 1;
        std::size_t before = piece.end;
        for (unsigned i = 0; i < count;) {
            const float left = pen_;
            const std::size_t first = infos[i].cluster;
            // The glyphs of one cluster stand together.
            for (; i < count && infos[i].cluster == first; ++i) {
                shaped_.glyphs.push_back({piece.font, infos[i].codepoint, em_px_,
                                          pen_ + std::round(to_px(places[i].x_offset)),
                                          -std::round(to_px(places[i].y_offset)),
                                          points_[first].begin});
                pen_ += std::round(to_px(places[i].x_advance));
            }
            // It reaches to where the next one in the order of the text begins: that stands at its
            // left where the run is read from the right.
            const std::size_t after = i < count ? infos[i].cluster : piece.end;
            const std::size_t end = is_rtl ? before : after;
            before = first;
            place_clusters(points_[first].begin, points_[end - 1].end, left, is_rtl);
        }
    }

    static float to_px(hb_position_t position) { return static_cast<float>(position) / 64; }

    // Each visible character as its code point in a box.
    void box_piece(const Piece& piece) {
        const float left = pen_;
        for (std::size_t i = piece.begin; i < piece.end; ++i) {
            if (!is_invisible(characters_[i])) draw_box(points_[i]);
        }
        place_clusters(points_[piece.begin].begin, points_[piece.end - 1].end, left,
                       piece.level % 2 == 1);
    }

    void draw_box(const CodePoint& point) {
        char digits[12];
        std::snprintf(digits, sizeof digits, "%04X", static_cast<unsigned>(point.value));
        const float margin = std::max(1.0F, std::round(em_px_ * 0.1F));
        const float left = pen_ + margin;
        const float digit_px = std::max(6.0F, std::round(em_px_ * kBoxDigits));
        const float digit_y = -std::round(em_px_ * (kBoxTop - kBoxHeight / 2) - digit_px * 0.36F);
        pen_ = left + margin;
        const int font = fonts_.own(FontStyle::kMono);
        for (const char* digit = digits; font >= 0 && *digit != '\0'; ++digit) {
            unsigned glyph = 0;
            hb_font_t* shaping = fonts_.face(font).at_size(digit_px);
            hb_font_get_nominal_glyph(shaping, static_cast<unsigned char>(*digit), &glyph);
            shaped_.glyphs.push_back({font, glyph, digit_px, pen_, digit_y, point.begin});
            pen_ += std::round(to_px(hb_font_get_glyph_h_advance(shaping, glyph)));
        }
        if (font < 0) pen_ += std::round(em_px_ / 2);
        pen_ += margin;
        shaped_.boxes.push_back(
            {left, -std::round(em_px_ * kBoxTop), pen_ - left, std::round(em_px_ * kBoxHeight)});
        pen_ += margin;
    }

    FontBook& fonts_;
    FontStyle style_;
    float em_px_;
    std::string_view text_;
    std::vector<CodePoint> points_;
    std::u32string characters_;
    std::u32string visible_;  // of the cluster that a font is looked for
    std::string language_;
    ShapedText shaped_;
    float pen_ = 0;
};

}  // namespace

ShapedText shape_text(FontBook& fonts, Type type, float scale, std::string_view text,
                      TextDirection direction) {
    return Line(fonts, type, scale, text).shape(direction);
}

}  // namespace heed::app
