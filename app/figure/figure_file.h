// The files that a figure can become: which ending means which, and their bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "app/figure/figure.h"

namespace heed::app {

enum class FigureFormat { kSvg, kPng, kPdf, kCsv, kNpy };

// By the ending of a file's name, in small or large letters; nullopt for another one.
std::optional<FigureFormat> find_figure_format(const std::filesystem::path& path);
// The same; throws Error that lists the endings.
FigureFormat require_figure_format(const std::filesystem::path& path);
// "svg"
std::string_view ending_of(FigureFormat format);
inline bool is_table(FigureFormat format) {
    return format == FigureFormat::kCsv || format == FigureFormat::kNpy;
}

// SVG, PNG or PDF; `enlarge` matters to PNG alone. Throws Error.
std::string encode_figure(const Figure& figure, FigureFormat format, float enlarge);
// CSV (with labels) or NPY ([rows, columns], float32).
std::string encode_table(const NumberTable& table, FigureFormat format);

}  // namespace heed::app
