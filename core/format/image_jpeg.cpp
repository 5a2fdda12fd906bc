// JPEG through libjpeg-turbo. Its errors come back by longjmp, so what a jump skips owns nothing.
#include <cstdio>
// jpeglib.h needs FILE before it.
#include <jerror.h>
#include <jpeglib.h>

#include <array>
#include <csetjmp>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/format/image_codecs.h"

namespace heed {
namespace {

// Scans of one picture: encoders write about ten, and each costs a pass over the whole picture.
constexpr int kMaxScans = 500;

// One file on its way through libjpeg, which finds it through client_data.
struct JpegFile {
    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg_source_mgr source{};
    jpeg_progress_mgr progress{};
    std::jmp_buf escape{};
    bool is_cut_off = false;
    bool has_too_many_scans = false;
    std::array<char, JMSG_LENGTH_MAX> message{};

    ~JpegFile() { jpeg_destroy_decompress(&jpeg); }
};

JpegFile& file_of(j_common_ptr jpeg) {
    return *static_cast<JpegFile*>(jpeg->client_data);
}

[[noreturn]] void on_error(j_common_ptr jpeg) {
    JpegFile& file = file_of(jpeg);
    file.errors.format_message(jpeg, file.message.data());
    std::longjmp(file.escape, 1);
}

void on_message(j_common_ptr, int) {}
void on_output(j_common_ptr) {}
void on_source(j_decompress_ptr) {}

// Called where the bytes are used up: the end of the picture should have come before.
boolean on_end(j_decompress_ptr jpeg) {
    JpegFile& file = file_of(reinterpret_cast<j_common_ptr>(jpeg));
    file.is_cut_off = true;
    std::longjmp(file.escape, 1);
}

void skip(j_decompress_ptr jpeg, long count) {
    if (count <= 0) return;
    if (static_cast<std::size_t>(count) > jpeg->src->bytes_in_buffer) on_end(jpeg);
    jpeg->src->next_input_byte += count;
    jpeg->src->bytes_in_buffer -= static_cast<std::size_t>(count);
}

void on_progress(j_common_ptr jpeg) {
    if (jpeg->is_decompressor == FALSE) return;
    if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= kMaxScans) return;
    JpegFile& file = file_of(jpeg);
    file.has_too_many_scans = true;
    std::longjmp(file.escape, 1);
}

[[noreturn]] void refuse(const JpegFile& file, std::string_view where) {
    std::string found = file.message.data();
    if (file.is_cut_off) found = "a file that is cut off";
    if (file.has_too_many_scans) found = "more than " + std::to_string(kMaxScans) + " scans";
    throw Error(where, "", "a whole JPEG picture", found);
}

// Everything before the pixels. False where libjpeg refused.
bool read_header(JpegFile& file, std::span<const std::byte> bytes) {
    if (setjmp(file.escape) != 0) return false;
    jpeg_create_decompress(&file.jpeg);
    file.source.next_input_byte = reinterpret_cast<const JOCTET*>(bytes.data());
    file.source.bytes_in_buffer = bytes.size();
    file.source.init_source = on_source;
    file.source.fill_input_buffer = on_end;
    file.source.skip_input_data = skip;
    file.source.resync_to_restart = jpeg_resync_to_restart;
    file.source.term_source = on_source;
    file.jpeg.src = &file.source;
    file.progress.progress_monitor = on_progress;
    file.jpeg.progress = &file.progress;
    jpeg_read_header(&file.jpeg, TRUE);
    return true;
}

bool start(JpegFile& file) {
    if (setjmp(file.escape) != 0) return false;
    jpeg_start_decompress(&file.jpeg);
    return true;
}

bool read_row(JpegFile& file, std::uint8_t* row) {
    if (setjmp(file.escape) != 0) return false;
    JSAMPROW rows[] = {row};
    jpeg_read_scanlines(&file.jpeg, rows, 1);
    return true;
}

// a * b / 255, rounded.
int scaled(int a, int b) {
    const int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

// A row as RGB. Four inks are stored inverted, as Adobe does and Pillow takes all of them: what is
// left of white after ink i and black.
void convert_row(const std::uint8_t* from, int components, std::span<std::uint8_t> to) {
    for (std::size_t x = 0; 3 * x < to.size(); ++x, from += components) {
        for (std::size_t c = 0; c < 3; ++c) {
            if (components == 1) to[3 * x + c] = from[0];
            if (components == 3) to[3 * x + c] = from[c];
            if (components == 4) {
                const int light = from[3];
                to[3 * x + c] = static_cast<std::uint8_t>(light - scaled(255 - from[c], light));
            }
        }
    }
}

void prepare(JpegFile& file) {
    file.jpeg.err = jpeg_std_error(&file.errors);
    file.jpeg.client_data = &file;
    file.errors.error_exit = on_error;
    file.errors.emit_message = on_message;
    file.errors.output_message = on_output;
}

}  // namespace

Image decode_jpeg(std::span<const std::byte> bytes, std::string_view where) {
    JpegFile file;
    prepare(file);
    if (!read_header(file, bytes)) refuse(file, where);
    check_image_size(where, file.jpeg.image_width, file.jpeg.image_height);
    const int components = file.jpeg.num_components;
    if (components != 1 && components != 3 && components != 4) {
        throw Error(where, "components", "1, 3 or 4", std::to_string(components));
    }
    file.jpeg.out_color_space = components == 1   ? JCS_GRAYSCALE
                                : components == 3 ? JCS_RGB
                                                  : JCS_CMYK;
    if (!start(file)) refuse(file, where);

    Image image;
    image.width = static_cast<int>(file.jpeg.output_width);
    image.height = static_cast<int>(file.jpeg.output_height);
    std::vector<std::uint8_t> row(static_cast<std::size_t>(image.width) *
                                  static_cast<std::size_t>(components));
    for (int y = 0; y < image.height; ++y) {
        if (!read_row(file, row.data())) refuse(file, where);
        // The picture grows with the data, so that a header alone costs no memory.
        image.pixels.resize(image.row_bytes() * static_cast<std::size_t>(y + 1));
        convert_row(row.data(), components, image.row(y));
    }
    return image;
}

}  // namespace heed
