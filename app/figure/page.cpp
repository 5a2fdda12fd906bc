#include "app/figure/page.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numbers>
#include <utility>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/png.h"

namespace heed::app {

namespace {

constexpr int kMostSide = 32767;               // of a picture that cairo can hold
constexpr double kPointsPerPixel = 0.75;       // 72 of 96 in an inch
constexpr std::size_t kMostRectangles = 4096;  // more cells than this become a picture in a page
// Neighbours in a page reach under each other a little: readers blend the edges, and the ground
// would show between them.
constexpr double kOverlap = 0.25;

struct FreeSurface {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct FreeContext {
    void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
using Surface = std::unique_ptr<cairo_surface_t, FreeSurface>;
using Context = std::unique_ptr<cairo_t, FreeContext>;

double real(float value) {
    return static_cast<double>(value);
}

void check(cairo_status_t status, const char* what) {
    if (status == CAIRO_STATUS_SUCCESS) return;
    throw Error("figure", "", what, cairo_status_to_string(status));
}

// Draws shapes to a cairo context.
class Painter {
  public:
    Painter(cairo_t* cairo, const Figure& figure, FigureFonts& fonts, bool is_page)
        : cairo_(cairo), figure_(figure), fonts_(fonts), is_page_(is_page) {}
    ~Painter() {
        for (const auto& [font, face] : faces_) cairo_font_face_destroy(face);
    }
    Painter(const Painter&) = delete;
    Painter& operator=(const Painter&) = delete;

    void paint() {
        if (figure_.ground.a > 0) {
            set_colour(figure_.ground);
            cairo_paint(cairo_);
        }
        const Rect whole{0, 0, figure_.width, figure_.height};
        for (const DrawnItem& item : figure_.items) {
            cairo_save(cairo_);
            if (intersect(item.clip, whole).w < whole.w ||
                intersect(item.clip, whole).h < whole.h) {
                add_rectangle(item.clip, 0);
                cairo_clip(cairo_);
            }
            std::visit([this](const auto& shape) { draw(shape); }, item.shape);
            cairo_restore(cairo_);
        }
    }

  private:
    void set_colour(Colour c) {
        cairo_set_source_rgba(cairo_, c.r / 255.0, c.g / 255.0, c.b / 255.0, c.a / 255.0);
    }

    void add_rectangle(const Rect& r, float radius) {
        if (radius <= 0) {
            cairo_rectangle(cairo_, real(r.x), real(r.y), real(r.w), real(r.h));
            return;
        }
        const double d = std::min({real(radius), real(r.w) / 2, real(r.h) / 2});
        constexpr double kQuarter = std::numbers::pi / 2;
        const double right = real(r.right()) - d;
        const double bottom = real(r.bottom()) - d;
        cairo_new_sub_path(cairo_);
        cairo_arc(cairo_, right, real(r.y) + d, d, -kQuarter, 0);
        cairo_arc(cairo_, right, bottom, d, 0, kQuarter);
        cairo_arc(cairo_, real(r.x) + d, bottom, d, kQuarter, 2 * kQuarter);
        cairo_arc(cairo_, real(r.x) + d, real(r.y) + d, d, 2 * kQuarter, 3 * kQuarter);
        cairo_close_path(cairo_);
    }

    void draw(const drawn::Filled& s) {
        set_colour(s.colour);
        add_rectangle(s.rect, s.radius);
        // Rectangles side by side share an edge: blended, the ground would show between them.
        if (s.radius <= 0 && !is_page_) cairo_set_antialias(cairo_, CAIRO_ANTIALIAS_NONE);
        cairo_fill(cairo_);
    }

    void draw(const drawn::Outlined& s) {
        set_colour(s.colour);
        cairo_set_line_width(cairo_, real(s.width));
        add_rectangle(inset(s.rect, s.width / 2), std::max(0.0F, s.radius - s.width / 2));
        cairo_stroke(cairo_);
    }

    void draw(const drawn::Line& s) {
        set_colour(s.colour);
        cairo_set_line_width(cairo_, real(s.width));
        cairo_move_to(cairo_, real(s.from.x), real(s.from.y));
        cairo_line_to(cairo_, real(s.to.x), real(s.to.y));
        cairo_stroke(cairo_);
    }

    void draw(const drawn::Curve& s) {
        set_colour(s.colour);
        cairo_set_line_width(cairo_, real(s.width));
        const double middle = real(s.from.x + s.to.x) / 2;
        cairo_move_to(cairo_, real(s.from.x), real(s.from.y));
        cairo_curve_to(cairo_, middle, real(s.from.y), middle, real(s.to.y), real(s.to.x),
                       real(s.to.y));
        cairo_stroke(cairo_);
    }

    void draw(const drawn::Triangle& s) {
        set_colour(s.colour);
        cairo_move_to(cairo_, real(s.a.x), real(s.a.y));
        cairo_line_to(cairo_, real(s.b.x), real(s.b.y));
        cairo_line_to(cairo_, real(s.c.x), real(s.c.y));
        cairo_fill(cairo_);
    }

    void draw(const drawn::Cells& s) {
        if (is_page_ && s.texels.size() <= kMostRectangles) {
            draw_rectangles(s);
        } else {
            draw_image(s);
        }
    }

    void draw_rectangles(const drawn::Cells& s) {
        const double w = real(s.rect.w) / s.columns;
        const double h = real(s.rect.h) / s.rows;
        for (int row = 0; row < s.rows; ++row) {
            for (int begin = 0; begin < s.columns;) {
                const std::uint32_t texel = texel_at(s, row, begin);
                int end = begin + 1;
                while (end < s.columns && texel_at(s, row, end) == texel) ++end;
                const double across = end < s.columns ? kOverlap : 0;
                const double down = row + 1 < s.rows ? kOverlap : 0;
                set_colour(unpack_rgba(texel));
                cairo_rectangle(cairo_, real(s.rect.x) + begin * w, real(s.rect.y) + row * h,
                                (end - begin) * w + across, h + down);
                cairo_fill(cairo_);
                begin = end;
            }
        }
    }

    static std::uint32_t texel_at(const drawn::Cells& s, int row, int column) {
        return s.texels[static_cast<std::size_t>(row) * static_cast<std::size_t>(s.columns) +
                        static_cast<std::size_t>(column)];
    }

    void draw_image(const drawn::Cells& s) {
        const Surface image(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, s.columns, s.rows));
        check(cairo_surface_status(image.get()), "room for a picture");
        cairo_surface_flush(image.get());
        unsigned char* data = cairo_image_surface_get_data(image.get());
        const int stride = cairo_image_surface_get_stride(image.get());
        for (int row = 0; row < s.rows; ++row) {
            auto* line = reinterpret_cast<std::uint32_t*>(data + row * stride);
            for (int column = 0; column < s.columns; ++column) {
                const Colour c = unpack_rgba(texel_at(s, row, column));
                const auto times_alpha = [&](std::uint8_t channel) {
                    return static_cast<std::uint32_t>((channel * c.a + 127) / 255);
                };
                line[column] = static_cast<std::uint32_t>(c.a) << 24 | times_alpha(c.r) << 16 |
                               times_alpha(c.g) << 8 | times_alpha(c.b);
            }
        }
        cairo_surface_mark_dirty(image.get());
        cairo_translate(cairo_, real(s.rect.x), real(s.rect.y));
        cairo_scale(cairo_, real(s.rect.w) / s.columns, real(s.rect.h) / s.rows);
        cairo_set_source_surface(cairo_, image.get(), 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo_), CAIRO_FILTER_NEAREST);
        cairo_pattern_set_extend(cairo_get_source(cairo_), CAIRO_EXTEND_PAD);
        cairo_rectangle(cairo_, 0, 0, s.columns, s.rows);
        cairo_fill(cairo_);
    }

    cairo_font_face_t* face_of_font(int font) {
        const auto [at, is_new] = faces_.try_emplace(font, nullptr);
        if (is_new) at->second = cairo_ft_font_face_create_for_ft_face(fonts_.face(font), 0);
        return at->second;
    }

    void draw(const drawn::Text& s) {
        const FigureLine line = fonts_.shape(s, figure_.scale);
        set_colour(s.colour);
        cairo_translate(cairo_, real(s.start.x), real(s.start.y));
        cairo_rotate(cairo_, real(s.angle_rad));
        for (std::size_t begin = 0; begin < line.glyphs.size();) {
            std::size_t end = begin + 1;
            while (end < line.glyphs.size() && line.glyphs[end].font == line.glyphs[begin].font &&
                   line.glyphs[end].em_px == line.glyphs[begin].em_px) {
                ++end;
            }
            show(s.text, line, begin, end);
            begin = end;
        }
        const float hairline = std::max(1.0F, std::floor(figure_.scale));
        for (const Rect& box : line.boxes) {
            draw(drawn::Outlined{{box.x, box.y + line.ascent, box.w, box.h}, s.colour, hairline});
        }
    }

    // Glyphs of one font, with the letters that they stand for.
    void show(const std::string& text, const FigureLine& line, std::size_t begin, std::size_t end);

    cairo_t* cairo_;
    const Figure& figure_;
    FigureFonts& fonts_;
    bool is_page_;  // vectors that are kept, rather than pixels
    std::map<int, cairo_font_face_t*> faces_;
};

// Where the characters that begin at byte `begin` end: where another cluster of the line begins.
std::size_t cluster_end(const FigureLine& line, std::size_t begin, std::size_t size) {
    std::size_t end = size;
    for (const FigureGlyph& glyph : line.glyphs) {
        if (glyph.cluster > begin) end = std::min(end, glyph.cluster);
    }
    return end;
}

void Painter::show(const std::string& text, const FigureLine& line, std::size_t begin,
                   std::size_t end) {
    const FigureGlyph& first = line.glyphs[begin];
    cairo_set_font_face(cairo_, face_of_font(first.font));
    cairo_set_font_size(cairo_, real(first.em_px));
    std::vector<cairo_glyph_t> glyphs;
    std::vector<cairo_text_cluster_t> clusters;
    std::string letters;
    for (std::size_t i = begin; i < end;) {
        const std::size_t cluster = line.glyphs[i].cluster;
        const std::size_t before = glyphs.size();
        for (; i < end && line.glyphs[i].cluster == cluster; ++i) {
            const FigureGlyph& glyph = line.glyphs[i];
            glyphs.push_back({glyph.glyph, real(glyph.x), real(glyph.y + line.ascent)});
        }
        const std::size_t stop = cluster_end(line, cluster, text.size());
        letters += text.substr(cluster, stop - cluster);
        clusters.push_back(
            {static_cast<int>(stop - cluster), static_cast<int>(glyphs.size() - before)});
    }
    const bool has_clusters = is_page_ && !find_invalid_utf8(letters);
    if (has_clusters) {
        cairo_show_text_glyphs(cairo_, letters.data(), static_cast<int>(letters.size()),
                               glyphs.data(), static_cast<int>(glyphs.size()), clusters.data(),
                               static_cast<int>(clusters.size()), cairo_text_cluster_flags_t{});
    } else {
        cairo_show_glyphs(cairo_, glyphs.data(), static_cast<int>(glyphs.size()));
    }
}

void set_text_quality(cairo_t* cairo, bool is_page) {
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options,
                                      is_page ? CAIRO_HINT_STYLE_NONE : CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cairo, options);
    cairo_font_options_destroy(options);
}

void check_side(float pixels) {
    if (pixels >= 1 && pixels <= static_cast<float>(kMostSide)) return;
    throw Error("figure", "size", "1 to " + std::to_string(kMostSide) + " pixels",
                std::to_string(static_cast<long long>(pixels)));
}

cairo_status_t append_bytes(void* closure, const unsigned char* bytes, unsigned length) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), length);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

FigurePixels paint_figure(const Figure& figure, FigureFonts& fonts, float enlarge) {
    FigurePixels pixels;
    check_side(std::ceil(figure.width * enlarge));
    check_side(std::ceil(figure.height * enlarge));
    pixels.width = static_cast<int>(std::ceil(figure.width * enlarge));
    pixels.height = static_cast<int>(std::ceil(figure.height * enlarge));
    const Surface surface(
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, pixels.width, pixels.height));
    check(cairo_surface_status(surface.get()), "room for a picture");
    {
        const Context cairo(cairo_create(surface.get()));
        set_text_quality(cairo.get(), false);
        cairo_scale(cairo.get(), real(enlarge), real(enlarge));
        Painter(cairo.get(), figure, fonts, false).paint();
        check(cairo_status(cairo.get()), "a picture that can be drawn");
    }
    cairo_surface_flush(surface.get());
    const unsigned char* data = cairo_image_surface_get_data(surface.get());
    const int stride = cairo_image_surface_get_stride(surface.get());
    pixels.rgba.reserve(static_cast<std::size_t>(pixels.width) *
                        static_cast<std::size_t>(pixels.height) * 4);
    for (int y = 0; y < pixels.height; ++y) {
        const auto* line = reinterpret_cast<const std::uint32_t*>(data + y * stride);
        for (int x = 0; x < pixels.width; ++x) {
            const std::uint32_t alpha = line[x] >> 24;
            for (const int shift : {16, 8, 0}) {
                const std::uint32_t channel = line[x] >> shift & 0xFF;
                pixels.rgba.push_back(static_cast<std::uint8_t>(
                    alpha == 0 ? 0 : std::min(255U, (channel * 255 + alpha / 2) / alpha)));
            }
            pixels.rgba.push_back(static_cast<std::uint8_t>(alpha));
        }
    }
    return pixels;
}

std::string encode_figure_png(const Figure& figure, FigureFonts& fonts, float enlarge) {
    const FigurePixels pixels = paint_figure(figure, fonts, enlarge);
    return encode_png(pixels.width, pixels.height, pixels.rgba);
}

std::string encode_figure_pdf(const Figure& figure, FigureFonts& fonts) {
    check_side(figure.width);
    check_side(figure.height);
    std::string bytes;
    const Surface surface(cairo_pdf_surface_create_for_stream(
        append_bytes, &bytes, real(figure.width) * kPointsPerPixel,
        real(figure.height) * kPointsPerPixel));
    check(cairo_surface_status(surface.get()), "a page");
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE,
                                   replace_invalid_utf8(figure.title).c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_SUBJECT,
                                   replace_invalid_utf8(figure.description).c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "heed");
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
    {
        const Context cairo(cairo_create(surface.get()));
        set_text_quality(cairo.get(), true);
        cairo_scale(cairo.get(), kPointsPerPixel, kPointsPerPixel);
        Painter(cairo.get(), figure, fonts, true).paint();
        cairo_show_page(cairo.get());
        check(cairo_status(cairo.get()), "a page that can be drawn");
    }
    cairo_surface_finish(surface.get());
    check(cairo_surface_status(surface.get()), "a page that can be written");
    return bytes;
}

}  // namespace heed::app
