#include "app/text/font_finder.h"

#include <fontconfig/fontconfig.h>

#include <array>

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

struct StyleRequest {
    std::array<const char*, 3> families;  // in order of preference
    int weight;
    int slant;
};

StyleRequest request_of(FontStyle style) {
    constexpr std::array kSans{"Inter", "Noto Sans", "sans-serif"};
    constexpr std::array kMono{"JetBrains Mono", "DejaVu Sans Mono", "monospace"};
    constexpr std::array kSerif{"DejaVu Serif", "Noto Serif", "serif"};
    switch (style) {
        case FontStyle::kSans:
            return {kSans, FC_WEIGHT_REGULAR, FC_SLANT_ROMAN};
        case FontStyle::kSansSemiBold:
            return {kSans, FC_WEIGHT_DEMIBOLD, FC_SLANT_ROMAN};
        case FontStyle::kSansBold:
            return {kSans, FC_WEIGHT_BOLD, FC_SLANT_ROMAN};
        case FontStyle::kMono:
            return {kMono, FC_WEIGHT_REGULAR, FC_SLANT_ROMAN};
        case FontStyle::kMonoSemiBold:
            return {kMono, FC_WEIGHT_DEMIBOLD, FC_SLANT_ROMAN};
        case FontStyle::kSerifItalic:
            return {kSerif, FC_WEIGHT_REGULAR, FC_SLANT_ITALIC};
    }
    return {kSans, FC_WEIGHT_REGULAR, FC_SLANT_ROMAN};
}

const FcChar8* as_fc(const char* text) {
    return reinterpret_cast<const FcChar8*>(text);
}

Pattern make_pattern(const StyleRequest& request) {
    Pattern pattern(FcPatternCreate());
    FcPatternAddInteger(pattern.get(), FC_WEIGHT, request.weight);
    FcPatternAddInteger(pattern.get(), FC_SLANT, request.slant);
    return pattern;
}

std::optional<FontFile> match(FcConfig* config, FcPattern* pattern) {
    FcConfigSubstitute(config, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcResult result = FcResultNoMatch;
    const Pattern found(FcFontMatch(config, pattern, &result));
    if (found == nullptr) return std::nullopt;
    FcChar8* path = nullptr;
    if (FcPatternGetString(found.get(), FC_FILE, 0, &path) != FcResultMatch) return std::nullopt;
    FontFile file;
    file.path = reinterpret_cast<const char*>(path);
    FcPatternGetInteger(found.get(), FC_INDEX, 0, &file.index);
    return file;
}

}  // namespace

struct FontFinder::System {
    Config config{FcInitLoadConfigAndFonts()};
    CharSet everything;  // what all fonts have together; null until somebody asks
};

FontFinder::FontFinder() : system_(std::make_unique<System>()) {}

FontFinder::~FontFinder() = default;

bool FontFinder::is_anywhere(char32_t character) const {
    if (system_->config == nullptr) return false;
    if (system_->everything == nullptr) {
        system_->everything.reset(FcCharSetCreate());
        const FcFontSet* fonts = FcConfigGetFonts(system_->config.get(), FcSetSystem);
        for (int i = 0; fonts != nullptr && i < fonts->nfont; ++i) {
            FcCharSet* has = nullptr;
            if (FcPatternGetCharSet(fonts->fonts[i], FC_CHARSET, 0, &has) == FcResultMatch) {
                FcCharSetMerge(system_->everything.get(), has, nullptr);
            }
        }
    }
    return FcCharSetHasChar(system_->everything.get(), character) == FcTrue;
}

std::optional<FontFile> FontFinder::own(FontStyle style) const {
    if (system_->config == nullptr) return std::nullopt;
    const StyleRequest request = request_of(style);
    const Pattern pattern = make_pattern(request);
    for (const char* family : request.families) {
        FcPatternAddString(pattern.get(), FC_FAMILY, as_fc(family));
    }
    FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
    FcPatternAddBool(pattern.get(), FC_COLOR, FcFalse);
    return match(system_->config.get(), pattern.get());
}

std::optional<FontFile> FontFinder::other(FontStyle style, std::span<const char32_t> characters,
                                          const std::string& language, bool is_colour) const {
    if (system_->config == nullptr) return std::nullopt;
    // Asked for by its characters, not by the style's own families: those lack them.
    const StyleRequest request = request_of(style);
    const Pattern pattern = make_pattern(request);
    FcPatternAddString(pattern.get(), FC_FAMILY,
                       as_fc(is_colour ? "emoji" : request.families.back()));
    FcPatternAddBool(pattern.get(), FC_COLOR, is_colour ? FcTrue : FcFalse);
    if (!is_colour) FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
    const CharSet needed(FcCharSetCreate());
    for (const char32_t c : characters) FcCharSetAddChar(needed.get(), c);
    FcPatternAddCharSet(pattern.get(), FC_CHARSET, needed.get());
    if (!language.empty()) {
        FcPatternAddString(pattern.get(), FC_LANG, as_fc(language.c_str()));
    }
    return match(system_->config.get(), pattern.get());
}

}  // namespace heed::app
