#include "app/ui/fonts.h"

#include <imgui.h>
#include <imgui_freetype.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "app/ui/font_files.h"
#include "core/base/utf8.h"

namespace heed::app {

namespace {

constexpr std::array<TypeFace, kTypeCount> kTypes{{
    {FontStyle::kSansBold, 22},
    {FontStyle::kSans, 19},
    {FontStyle::kSansSemiBold, 17},
    {FontStyle::kSans, 14},
    {FontStyle::kSansSemiBold, 14},
    {FontStyle::kSansSemiBold, 13},
    {FontStyle::kSans, 12},
    {FontStyle::kSansSemiBold, 12},
    {FontStyle::kSans, 11},
    {FontStyle::kSansSemiBold, 11},
    {FontStyle::kMonoSemiBold, 22},
    {FontStyle::kMono, 14},
    {FontStyle::kMono, 13},
    {FontStyle::kMono, 12},
    {FontStyle::kMono, 11},
    {FontStyle::kSerifItalic, 19},
    {FontStyle::kSerifItalic, 14},
}};

struct CharacterRange {
    char32_t first;
    char32_t last;
};
// Always there: Latin with its first extension, Greek, and the signs of formulas and labels.
constexpr std::array kAlways{
    CharacterRange{0x20, 0x7E},     CharacterRange{0xA0, 0x17F},    CharacterRange{0x391, 0x3A9},
    CharacterRange{0x3B1, 0x3C9},   CharacterRange{0x2013, 0x2014}, CharacterRange{0x2018, 0x201E},
    CharacterRange{0x2022, 0x2022}, CharacterRange{0x2026, 0x2026}, CharacterRange{0x2032, 0x2032},
    CharacterRange{0x2039, 0x203A}, CharacterRange{0x2070, 0x2070}, CharacterRange{0x2074, 0x207B},
    CharacterRange{0x2080, 0x2089}, CharacterRange{0x2190, 0x2193}, CharacterRange{0x21B3, 0x21B3},
    CharacterRange{0x2208, 0x2208}, CharacterRange{0x2211, 0x2212}, CharacterRange{0x221A, 0x221A},
    CharacterRange{0x221E, 0x221E}, CharacterRange{0x2248, 0x2248}, CharacterRange{0x2260, 0x2260},
    CharacterRange{0x2264, 0x2265}, CharacterRange{0x22C5, 0x22C5}, CharacterRange{0x2423, 0x2423},
    CharacterRange{0x2581, 0x2581}, CharacterRange{0x25B6, 0x25B6}, CharacterRange{0x1D40, 0x1D40},
    CharacterRange{0xFFFD, 0xFFFD},
};

bool is_always_there(char32_t c) {
    return std::any_of(kAlways.begin(), kAlways.end(), [c](const CharacterRange& range) {
        return c >= range.first && c <= range.last;
    });
}

// ImGui's characters are 16 bits wide in Debian's build: the basic plane.
bool is_drawable(char32_t c) {
    return c >= 0x20 && c <= 0xFFFF && !(c >= 0xD800 && c <= 0xDFFF);
}

// Pairs of first and last with a 0 at the end, as ImGui takes them; `characters` is sorted.
std::vector<ImWchar> make_ranges(const std::vector<char32_t>& characters) {
    std::vector<ImWchar> ranges;
    for (const char32_t c : characters) {
        const auto wide = static_cast<ImWchar>(c);
        if (!ranges.empty() && ranges.back() + 1 == wide) {
            ranges.back() = wide;
        } else {
            ranges.push_back(wide);
            ranges.push_back(wide);
        }
    }
    ranges.push_back(0);
    return ranges;
}

struct LoadedFile {
    FontFile file;
    std::vector<ImWchar> ranges;
};

std::vector<LoadedFile> load_style(FontStyle style, const std::vector<char32_t>& characters) {
    std::vector<LoadedFile> loaded;
    for (FontFile& file : find_font_files(style, characters)) {
        std::vector<ImWchar> ranges = make_ranges(file.covers);
        if (ranges.size() > 1) loaded.push_back({std::move(file), std::move(ranges)});
    }
    return loaded;
}

// Adds one type's font: its own file, and the others merged into it.
ImFont* add_font(const std::vector<LoadedFile>& files, float em_px) {
    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    ImFont* font = nullptr;
    for (const LoadedFile& loaded : files) {
        ImFontConfig config;
        config.FontNo = loaded.file.index;
        config.MergeMode = font != nullptr;
        config.OversampleH = 1;
        config.PixelSnapH = false;
        const float size = std::max(4.0F, std::round(em_px * loaded.file.line_per_em));
        ImFont* added = atlas->AddFontFromFileTTF(loaded.file.path.c_str(), size, &config,
                                                  loaded.ranges.data());
        if (font == nullptr) font = added;
    }
    return font;
}

}  // namespace

TypeFace face_of(Type type) {
    return kTypes[static_cast<std::size_t>(type)];
}

bool Fonts::want(std::string_view text) {
    bool is_new = false;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        at += static_cast<std::size_t>(c.length);
        if (!c.valid || !is_drawable(c.code_point) || is_always_there(c.code_point)) continue;
        is_new = wanted_.insert(c.code_point).second || is_new;
    }
    return is_new;
}

void Fonts::build(float scale) {
    scale_ = scale;
    std::set<char32_t> all = wanted_;
    for (const CharacterRange& range : kAlways) {
        for (char32_t c = range.first; c <= range.last; ++c) all.insert(c);
    }
    const std::vector<char32_t> characters(all.begin(), all.end());

    ImFontAtlas* atlas = ImGui::GetIO().Fonts;
    atlas->Clear();
    atlas->FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas->FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
    atlas->Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
    atlas->TexDesiredWidth = scale > 1.5F ? 4096 : 2048;

    // The ranges must live until the atlas is built.
    std::map<FontStyle, std::vector<LoadedFile>> styles;
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
        const auto [style, is_new] = styles.try_emplace(kTypes[i].style);
        if (is_new) style->second = load_style(kTypes[i].style, characters);
        fonts_[i] = add_font(style->second, kTypes[i].em_px * scale);
        if (fonts_[i] == nullptr) fonts_[i] = atlas->AddFontDefault();
    }
    atlas->Build();
    ImGui::GetIO().FontDefault = get(Type::kBody);
}

}  // namespace heed::app
