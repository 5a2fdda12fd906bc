#include <doctest/doctest.h>

#include "core/tokenizer/tokenizer.h"

namespace heed {

TEST_SUITE_BEGIN("core/tokenizer/display_piece");

TEST_CASE("byte letters are shown as the text that they spell") {
    for (const bool knows : {true, false}) {
        const auto show = [&](std::string_view piece) {
            return knows ? display_piece(piece, true) : display_piece(piece);
        };
        CHECK_EQ(show("Ġthe"), " the");
        CHECK_EQ(show("ĠĠ"), "  ");
        CHECK_EQ(show("Ċ"), "\n");
        CHECK_EQ(show("Ã©"), "é");
        CHECK_EQ(show("æĹ¥"), "日");
        CHECK_EQ(show("plain"), "plain");
        CHECK_EQ(show("<|endoftext|>"), "<|endoftext|>");
        CHECK_EQ(show(""), "");
    }
}

TEST_CASE("bytes that are no whole character are escaped") {
    for (const bool knows : {true, false}) {
        const auto show = [&](std::string_view piece) {
            return knows ? display_piece(piece, true) : display_piece(piece);
        };
        CHECK_EQ(show("â"), "\\xe2");
        CHECK_EQ(show("Ġâ"), " \\xe2");
        CHECK_EQ(show("âĢ"), "\\xe2\\x80");
        CHECK_EQ(show("Ļ"), "\\x99");
    }
}

TEST_CASE("pieces of other vocabularies are shown as they are, with spaces for the mark") {
    CHECK_EQ(display_piece("▁the"), " the");
    CHECK_EQ(display_piece("▁"), " ");
    CHECK_EQ(display_piece("##s"), "##s");
    CHECK_EQ(display_piece("##é"), "##é");
    CHECK_EQ(display_piece("日"), "日");
    CHECK_EQ(display_piece("café"), "café");
    CHECK_EQ(display_piece("für"), "für");
    CHECK_EQ(display_piece("São"), "São");
    CHECK_EQ(display_piece("é", false), "é");
    CHECK_EQ(display_piece("[CLS]"), "[CLS]");
}

TEST_SUITE_END();

}  // namespace heed
