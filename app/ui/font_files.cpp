#include "app/ui/font_files.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <array>
#include <memory>
#include <optional>

namespace heed::app {

namespace {

template <auto Destroy>
struct DestroyWith {
    template <class T>
    void operator()(T* object) const {
        Destroy(object);
    }
};
using Config = std::unique_ptr<FcConfig, DestroyWith<FcConfigDestroy>>;
using Pattern = std::unique_ptr<FcPattern, DestroyWith<FcPatternDestroy>>;
using CharSet = std::unique_ptr<FcCharSet, DestroyWith<FcCharSetDestroy>>;

// Other files are looked for at most this often: text in five scripts is drawn whole.
constexpr int kMostFallbacks = 5;

struct StyleRequest {
    std::array<const char*, 3> families;  // in order of preference
    int weight;
    int slant;
    bool is_mono;
};

StyleRequest request_of(FontStyle style) {
    switch (style) {
        case FontStyle::kSans:
            return {{"Inter", "Noto Sans", "sans-serif"}, FC_WEIGHT_REGULAR, FC_SLANT_ROMAN, false};
        case FontStyle::kSansSemiBold:
            return {
                {"Inter", "Noto Sans", "sans-serif"}, FC_WEIGHT_DEMIBOLD, FC_SLANT_ROMAN, false};
        case FontStyle::kSansBold:
            return {{"Inter", "Noto Sans", "sans-serif"}, FC_WEIGHT_BOLD, FC_SLANT_ROMAN, false};
        case FontStyle::kMono:
            return {{"JetBrains Mono", "DejaVu Sans Mono", "monospace"},
                    FC_WEIGHT_REGULAR,
                    FC_SLANT_ROMAN,
                    true};
        case FontStyle::kMonoSemiBold:
            return {{"JetBrains Mono", "DejaVu Sans Mono", "monospace"},
                    FC_WEIGHT_DEMIBOLD,
                    FC_SLANT_ROMAN,
                    true};
        case FontStyle::kSerifItalic:
            return {
                {"DejaVu Serif", "Noto Serif", "serif"}, FC_WEIGHT_REGULAR, FC_SLANT_ITALIC, false};
    }
    return {{"sans-serif", "sans-serif", "sans-serif"}, FC_WEIGHT_REGULAR, FC_SLANT_ROMAN, false};
}

const FcChar8* as_fc(const char* text) {
    return reinterpret_cast<const FcChar8*>(text);
}

// The best file for `request` that has characters of `needed` (null: any).
Pattern match(FcConfig* config, const StyleRequest& request, const FcCharSet* needed) {
    Pattern pattern(FcPatternCreate());
    // A fallback is asked for by its characters first: the style's own families lack them.
    if (needed == nullptr) {
        for (const char* family : request.families) {
            FcPatternAddString(pattern.get(), FC_FAMILY, as_fc(family));
        }
    } else {
        FcPatternAddString(pattern.get(), FC_FAMILY, as_fc(request.families.back()));
        FcPatternAddCharSet(pattern.get(), FC_CHARSET, needed);
    }
    FcPatternAddInteger(pattern.get(), FC_WEIGHT, request.weight);
    FcPatternAddInteger(pattern.get(), FC_SLANT, request.slant);
    FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
    FcPatternAddBool(pattern.get(), FC_COLOR, FcFalse);
    FcConfigSubstitute(config, pattern.get(), FcMatchPattern);
    FcDefaultSubstitute(pattern.get());
    FcResult result = FcResultNoMatch;
    return Pattern(FcFontMatch(config, pattern.get(), &result));
}

// Ascender to descender in em; nullopt for a file that FreeType cannot open.
std::optional<float> measure_line(const char* path, int index) {
    FT_Library library = nullptr;
    if (FT_Init_FreeType(&library) != 0) return std::nullopt;
    std::optional<float> line;
    FT_Face face = nullptr;
    if (FT_New_Face(library, path, index, &face) == 0) {
        if (face->units_per_EM > 0) {
            line = static_cast<float>(face->ascender - face->descender) /
                   static_cast<float>(face->units_per_EM);
        }
        FT_Done_Face(face);
    }
    FT_Done_FreeType(library);
    return line;
}

// The file of a matched pattern, with the characters of `missing` that it has; these are taken out
// of `missing`.
std::optional<FontFile> take_file(FcPattern* pattern, std::vector<char32_t>& missing) {
    FcChar8* path = nullptr;
    FcCharSet* has = nullptr;
    int index = 0;
    if (FcPatternGetString(pattern, FC_FILE, 0, &path) != FcResultMatch) return std::nullopt;
    if (FcPatternGetCharSet(pattern, FC_CHARSET, 0, &has) != FcResultMatch) return std::nullopt;
    FcPatternGetInteger(pattern, FC_INDEX, 0, &index);
    FontFile file;
    file.path = reinterpret_cast<const char*>(path);
    file.index = index;
    const std::optional<float> line = measure_line(file.path.c_str(), index);
    if (!line) return std::nullopt;
    file.line_per_em = *line;
    std::vector<char32_t> still_missing;
    for (const char32_t c : missing) {
        (FcCharSetHasChar(has, c) == FcTrue ? file.covers : still_missing).push_back(c);
    }
    missing = std::move(still_missing);
    return file;
}

}  // namespace

std::vector<FontFile> find_font_files(FontStyle style, std::span<const char32_t> wanted) {
    std::vector<FontFile> files;
    const Config config(FcInitLoadConfigAndFonts());
    if (config == nullptr) return files;
    const StyleRequest request = request_of(style);
    std::vector<char32_t> missing(wanted.begin(), wanted.end());

    const Pattern own = match(config.get(), request, nullptr);
    if (own != nullptr) {
        if (std::optional<FontFile> file = take_file(own.get(), missing)) files.push_back(*file);
    }
    for (int fallback = 0; fallback < kMostFallbacks && !missing.empty(); ++fallback) {
        const CharSet needed(FcCharSetCreate());
        for (const char32_t c : missing) FcCharSetAddChar(needed.get(), c);
        const Pattern other = match(config.get(), request, needed.get());
        if (other == nullptr) break;
        const std::size_t before = missing.size();
        const std::optional<FontFile> file = take_file(other.get(), missing);
        if (!file || missing.size() == before) break;
        files.push_back(*file);
    }
    return files;
}

}  // namespace heed::app
