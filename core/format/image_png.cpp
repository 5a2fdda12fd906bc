// PNG through libpng. Its errors come back by longjmp, so what a jump skips owns nothing.
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/format/image_codecs.h"

namespace heed {
namespace {

// One file on its way through libpng.
struct PngFile {
    std::span<const std::byte> bytes;
    std::size_t at = 0;
    bool is_cut_off = false;
    std::array<char, 200> message{};
    png_structp png = nullptr;
    png_infop info = nullptr;

    ~PngFile() { png_destroy_read_struct(&png, &info, nullptr); }
};

// What a row of the file holds, after bits were packed into bytes.
struct PngRows {
    png_uint_32 width = 0;
    png_uint_32 height = 0;
    int depth = 0;  // bits of a sample
    int colour = 0;
    std::size_t row_bytes = 0;
    std::array<png_color, 256> palette{};  // black where the file has no colour
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
    auto* file = static_cast<PngFile*>(png_get_error_ptr(png));
    std::strncpy(file->message.data(), message, file->message.size() - 1);
    png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep out, std::size_t count) {
    auto* file = static_cast<PngFile*>(png_get_io_ptr(png));
    if (count > file->bytes.size() - file->at) {
        file->is_cut_off = true;
        png_error(png, "cut off");
    }
    std::memcpy(out, file->bytes.data() + file->at, count);
    file->at += count;
}

[[noreturn]] void refuse(const PngFile& file, std::string_view where) {
    const std::string found = file.is_cut_off ? "a file that is cut off" : file.message.data();
    throw Error(where, "", "a whole PNG picture", found);
}

void open(PngFile& file) {
    file.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &file, on_error, on_warning);
    if (file.png == nullptr) throw std::bad_alloc();
    file.info = png_create_info_struct(file.png);
    if (file.info == nullptr) throw std::bad_alloc();
    png_set_read_fn(file.png, &file, read_bytes);
    png_set_user_limits(file.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Only what the pixels need: text, profiles and gamma are passed over unread.
    png_set_keep_unknown_chunks(file.png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
}

// Everything before the pixels. False where libpng refused.
bool read_header(PngFile& file, PngRows& rows) {
    if (setjmp(png_jmpbuf(file.png)) != 0) return false;
    png_read_info(file.png, file.info);
    rows.width = png_get_image_width(file.png, file.info);
    rows.height = png_get_image_height(file.png, file.info);
    rows.depth = png_get_bit_depth(file.png, file.info);
    rows.colour = png_get_color_type(file.png, file.info);
    png_colorp colours = nullptr;
    int count = 0;
    if (png_get_PLTE(file.png, file.info, &colours, &count) != 0) {
        std::copy(colours, colours + std::min(count, 256), rows.palette.begin());
    }
    return true;
}

// Deflate packs at most 1032 to 1: a file too small for its picture is cut off, and nothing is
// allocated for it.
void check_is_plausible(PngFile& file, const PngRows& rows, std::string_view where) {
    const std::size_t channels = png_get_channels(file.png, file.info);
    const std::size_t bits = channels * static_cast<std::size_t>(rows.depth);
    if (bits * rows.width / 8 * rows.height / 1032 <= file.bytes.size()) return;
    file.is_cut_off = true;
    refuse(file, where);
}

// How the rows will come: samples of 1, 2 and 4 bits each in a byte, interlaced ones whole.
bool prepare_rows(PngFile& file, PngRows& rows) {
    if (setjmp(png_jmpbuf(file.png)) != 0) return false;
    png_set_packing(file.png);
    png_set_interlace_handling(file.png);
    png_read_update_info(file.png, file.info);
    rows.row_bytes = png_get_rowbytes(file.png, file.info);
    return true;
}

bool read_row(PngFile& file, png_bytep row) {
    if (setjmp(png_jmpbuf(file.png)) != 0) return false;
    png_read_row(file.png, row, nullptr);
    return true;
}

// All passes of an interlaced picture; each pass fills in pixels of the rows before.
bool read_interlaced(PngFile& file, png_bytepp rows) {
    if (setjmp(png_jmpbuf(file.png)) != 0) return false;
    png_read_image(file.png, rows);
    return true;
}

// One sample as 8 bits: small ones spread over the range, of 16 bits the upper half.
std::uint8_t narrow(const PngRows& rows, const png_byte* sample) {
    switch (rows.depth) {
        case 1:
            return static_cast<std::uint8_t>(*sample * 255);
        case 2:
            return static_cast<std::uint8_t>(*sample * 85);
        case 4:
            return static_cast<std::uint8_t>(*sample * 17);
        default:
            return *sample;
    }
}

// A row of the file as RGB, the way Pillow takes each kind. Grey of 16 bits is cut at 255, not
// scaled: that is what its mode I;16 becomes.
void convert_row(const PngRows& rows, const png_byte* from, std::span<std::uint8_t> to) {
    const std::size_t sample = rows.depth == 16 ? 2 : 1;
    const bool has_colour = (rows.colour & PNG_COLOR_MASK_COLOR) != 0;
    const bool has_alpha = (rows.colour & PNG_COLOR_MASK_ALPHA) != 0;
    const bool is_indexed = rows.colour == PNG_COLOR_TYPE_PALETTE;
    const std::size_t samples =
        is_indexed ? 1 : (has_colour ? 3u : 1u) + static_cast<unsigned>(has_alpha);
    for (std::size_t x = 0; x < rows.width; ++x, from += sample * samples) {
        std::uint8_t* rgb = to.data() + 3 * x;
        if (is_indexed) {
            const png_color& colour = rows.palette[*from];
            rgb[0] = colour.red;
            rgb[1] = colour.green;
            rgb[2] = colour.blue;
        } else if (has_colour) {
            for (std::size_t c = 0; c < 3; ++c) rgb[c] = from[c * sample];
        } else {
            const bool is_cut = rows.colour == PNG_COLOR_TYPE_GRAY && rows.depth == 16;
            const std::uint8_t grey = !is_cut      ? narrow(rows, from)
                                      : *from != 0 ? std::uint8_t{255}
                                                   : from[1];
            std::fill_n(rgb, 3, grey);
        }
    }
}

Image read_rows_in_order(PngFile& file, const PngRows& rows, std::string_view where) {
    Image image;
    image.width = static_cast<int>(rows.width);
    image.height = static_cast<int>(rows.height);
    std::vector<png_byte> row(rows.row_bytes);
    for (int y = 0; y < image.height; ++y) {
        if (!read_row(file, row.data())) refuse(file, where);
        // The picture grows with the data, so that a header alone costs no memory.
        image.pixels.resize(image.row_bytes() * static_cast<std::size_t>(y + 1));
        convert_row(rows, row.data(), image.row(y));
    }
    return image;
}

Image read_rows_in_passes(PngFile& file, const PngRows& rows, std::string_view where) {
    std::vector<png_byte> whole(rows.row_bytes * rows.height);
    std::vector<png_bytep> starts(rows.height);
    for (std::size_t y = 0; y < rows.height; ++y) starts[y] = whole.data() + y * rows.row_bytes;
    if (!read_interlaced(file, starts.data())) refuse(file, where);
    Image image(static_cast<int>(rows.width), static_cast<int>(rows.height), 3);
    for (int y = 0; y < image.height; ++y) {
        convert_row(rows, starts[static_cast<std::size_t>(y)], image.row(y));
    }
    return image;
}

}  // namespace

Image decode_png(std::span<const std::byte> bytes, std::string_view where) {
    PngFile file;
    file.bytes = bytes;
    open(file);
    PngRows rows;
    if (!read_header(file, rows)) refuse(file, where);
    check_image_size(where, rows.width, rows.height);
    check_is_plausible(file, rows, where);
    const bool is_interlaced = png_get_interlace_type(file.png, file.info) != PNG_INTERLACE_NONE;
    if (!prepare_rows(file, rows)) refuse(file, where);
    return is_interlaced ? read_rows_in_passes(file, rows, where)
                         : read_rows_in_order(file, rows, where);
}

}  // namespace heed
