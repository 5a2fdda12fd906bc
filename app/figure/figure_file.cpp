#include "app/figure/figure_file.h"

#include <array>

#include "app/figure/page.h"
#include "app/figure/svg.h"
#include "core/base/check.h"
#include "core/base/error.h"
#include "core/format/csv.h"
#include "core/format/npy.h"

namespace heed::app {

namespace {

constexpr std::array kFormats{FigureFormat::kSvg, FigureFormat::kPng, FigureFormat::kPdf,
                              FigureFormat::kCsv, FigureFormat::kNpy};

std::string small_letters(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

}  // namespace

std::optional<FigureFormat> find_figure_format(const std::filesystem::path& path) {
    const std::string ending = small_letters(path.extension().string());
    for (const FigureFormat format : kFormats) {
        if (ending == "." + std::string(ending_of(format))) return format;
    }
    return std::nullopt;
}

FigureFormat require_figure_format(const std::filesystem::path& path) {
    const std::optional<FigureFormat> format = find_figure_format(path);
    if (format) return *format;
    const std::string ending = path.extension().string();
    throw Error(path.string(), "", "a name that ends in .svg, .png, .pdf, .csv or .npy",
                ending.empty() ? "no ending" : in_quotes(ending));
}

std::string_view ending_of(FigureFormat format) {
    switch (format) {
        case FigureFormat::kSvg:
            return "svg";
        case FigureFormat::kPng:
            return "png";
        case FigureFormat::kPdf:
            return "pdf";
        case FigureFormat::kCsv:
            return "csv";
        case FigureFormat::kNpy:
            return "npy";
    }
    return "";
}

std::string encode_figure(const Figure& figure, FigureFormat format, float enlarge) {
    HEED_CHECK(!is_table(format));
    FigureFonts fonts;
    if (format == FigureFormat::kSvg) return encode_figure_svg(figure, fonts);
    if (format == FigureFormat::kPdf) return encode_figure_pdf(figure, fonts);
    return encode_figure_png(figure, fonts, enlarge);
}

std::string encode_table(const NumberTable& table, FigureFormat format) {
    HEED_CHECK(is_table(format));
    if (format == FigureFormat::kCsv) {
        return encode_csv(table.row_labels, table.column_labels, table.values);
    }
    const auto rows = static_cast<std::int64_t>(table.row_labels.size());
    const auto columns = static_cast<std::int64_t>(table.column_labels.size());
    return encode_npy({rows, columns}, table.values);
}

}  // namespace heed::app
