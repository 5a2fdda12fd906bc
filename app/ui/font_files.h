// Which font files are on this machine for a style, and which of them has which character
// (fontconfig). Pure apart from asking the system; it knows no ImGui.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace heed::app {

enum class FontStyle { kSans, kSansSemiBold, kSansBold, kMono, kMonoSemiBold, kSerifItalic };

struct FontFile {
    std::string path;
    int index = 0;                 // face in the file, with the instance of a variable font
    float line_per_em = 1.2F;      // height from ascender to descender, in em
    std::vector<char32_t> covers;  // those of the wanted characters that are drawn from this file
};

// The files that together draw as many of `wanted` as the system can: the style's own font first
// (Inter, JetBrains Mono, DejaVu Serif where they are installed), then others for what it lacks.
// Empty where the machine has no fonts.
std::vector<FontFile> find_font_files(FontStyle style, std::span<const char32_t> wanted);

}  // namespace heed::app
