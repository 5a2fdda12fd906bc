// Which font files are on this machine for a style or for a character (fontconfig). It opens no
// fonts.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "app/text/type.h"

namespace heed::app {

struct FontFile {
    std::string path;
    int index = 0;  // face in the file, with the named instance of a variable font in the high bits

    bool operator==(const FontFile&) const = default;
};

class FontFinder {
  public:
    // Reads the system's configuration, once.
    FontFinder();
    ~FontFinder();
    FontFinder(const FontFinder&) = delete;
    FontFinder& operator=(const FontFinder&) = delete;

    // The style's own font: Inter, JetBrains Mono, DejaVu Serif where they are installed. nullopt
    // where the machine has no fonts at all.
    std::optional<FontFile> own(FontStyle style) const;
    // Whether any font of the machine has the character: cheap, where looking for one is not.
    bool is_anywhere(char32_t character) const;
    // Another font that has these characters, if possible one made for `language` ("ja"; "" for
    // any) and, where `is_colour`, with coloured glyphs. It may still lack some of them.
    std::optional<FontFile> other(FontStyle style, std::span<const char32_t> characters,
                                  const std::string& language, bool is_colour) const;

  private:
    struct System;
    std::unique_ptr<System> system_;
};

}  // namespace heed::app
