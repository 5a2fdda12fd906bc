#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/base/utf8.h"
#include "core/tokenizer/added_tokens.h"
#include "core/tokenizer/byte_letters.h"
#include "core/tokenizer/decoders.h"
#include "core/tokenizer/normalizers.h"
#include "core/tokenizer/pre_tokenizers.h"
#include "core/tokenizer/unicode.h"
#include "core/tokenizer/unigram.h"

namespace heed {
namespace {

NormalizedText normalize(const Normalizer& normalizer, std::string_view text) {
    return normalizer.normalize(make_normalized_text(text, 0, text.size()));
}

// "x[0,1) é[1,3)": each character with the bytes that it came from.
std::string describe(const NormalizedText& text) {
    std::string out;
    for (std::size_t at = 0; at < text.text.size();) {
        const auto length = static_cast<std::size_t>(decode_utf8(text.text, at).length);
        if (!out.empty()) out += ' ';
        out += text.text.substr(at, length) + "[" + std::to_string(text.spans[at].begin) + "," +
               std::to_string(text.spans[at].end) + ")";
        at += length;
    }
    CHECK_EQ(text.spans.size(), text.text.size());
    return out;
}

// The words of a text, "|" between them.
std::string cut(const PreTokenizer& pre_tokenizer, std::string_view text) {
    CutText whole{make_normalized_text(text, 0, text.size()), {}};
    whole.parts.push_back({0, text.size()});
    pre_tokenizer.cut(whole);
    std::string out;
    for (const CutText::Part& part : whole.parts) {
        if (!out.empty()) out += '|';
        out += whole.normalized.text.substr(part.begin, part.end - part.begin);
    }
    return out;
}

std::string cut_by_gpt2(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = find_gpt2_word_end(text, at);
        if (!out.empty()) out += '|';
        out += text.substr(at, end - at);
        at = end;
    }
    return out;
}

// "a|<m>|b": the parts of a text, tokens in braces.
std::string find_tokens(const AddedToken& token, std::string_view text) {
    std::vector<AddedToken> tokens(1, token);
    const AddedTokens added(std::move(tokens), nullptr);
    std::string out;
    for (const auto& part : added.in_original().cut(text)) {
        const std::string piece(text.substr(part.begin, part.end - part.begin));
        out += part.token == nullptr ? piece : "{" + piece + "}";
    }
    return out;
}

}  // namespace

TEST_SUITE_BEGIN("core/tokenizer/normalizers");

TEST_CASE("accents, case and control characters go; origins stay") {
    BertNormalizerOptions options;
    options.lower_cases = options.strips_accents = true;
    const auto normalizer = make_bert_normalizer(options);
    CHECK_EQ(describe(normalize(*normalizer, "Ü\tX")), "u[0,2)  [2,3) x[3,4)");
    CHECK_EQ(describe(normalize(*normalizer, "e\u0301x")), "e[0,1) x[3,4)");
    CHECK_EQ(normalize(*normalizer, std::string_view("a\0b\u200B\uFFFD\u00ADc", 12)).text, "abc");
    CHECK_EQ(describe(normalize(*normalizer, "日")), " [0,3) 日[0,3)  [0,3)");
    CHECK_EQ(normalize(*normalizer, "İ").text, "i");
    CHECK_EQ(normalize(*normalizer, "ΟΔΟΣ").text, "οδοσ");
    CHECK_EQ(normalize(*normalizer, "한").text, "\u1112\u1161\u11AB");
    CHECK_EQ(normalize(*normalizer, "").text, "");
}

TEST_CASE("the gap in the Chinese blocks is kept") {
    const auto normalizer = make_bert_normalizer({});
    CHECK_EQ(normalize(*normalizer, "\U0002B81F").text, " \U0002B81F ");
    CHECK_EQ(normalize(*normalizer, "\U0002B820").text, "\U0002B820");
    CHECK_EQ(normalize(*normalizer, "\U0002B920").text, " \U0002B920 ");
}

TEST_CASE("the four forms of Unicode are what the standard's examples say") {
    const auto form = [](bool composed, bool compatible, std::string_view text) {
        return normalize(*make_unicode_normalizer({composed, compatible}), text).text;
    };
    const std::string_view text = "\u1E9B\u0323";  // UAX 15, figure 6
    CHECK_EQ(form(false, false, text), "\u017F\u0323\u0307");
    CHECK_EQ(form(true, false, text), "\u1E9B\u0323");
    CHECK_EQ(form(false, true, text), "s\u0323\u0307");
    CHECK_EQ(form(true, true, text), "\u1E69");
    CHECK_EQ(form(true, false, "\u1112\u1161\u11AB"), "한");
}

TEST_CASE("what is composed has the origin of its first part, what is split of the whole") {
    const auto nfc = make_unicode_normalizer({true, false});
    CHECK_EQ(describe(normalize(*nfc, "xe\u0301y")), "x[0,1) é[1,2) y[4,5)");
    const auto nfd = make_unicode_normalizer({false, false});
    CHECK_EQ(describe(normalize(*nfd, "xéy")), "x[0,1) e[1,3) \u0301[1,3) y[3,4)");
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("core/tokenizer/pre_tokenizers");

TEST_CASE("BERT sets every punctuation character apart") {
    const auto bert = make_bert_pre_tokenizer();
    CHECK_EQ(cut(*bert, " Hello,  world!? don't "), "Hello|,|world|!|?|don|'|t");
    CHECK_EQ(cut(*bert, "5€ ©x «y»"), "5€|©x|«|y|»");
    CHECK_EQ(cut(*bert, "   "), "");
}

TEST_CASE("GPT-2 cuts words with the space before them") {
    CHECK_EQ(cut_by_gpt2("Hello my friend, how's it?"), "Hello| my| friend|,| how|'s| it|?");
    CHECK_EQ(cut_by_gpt2("a   b"), "a|  | b");
    CHECK_EQ(cut_by_gpt2("a \n b \n"), "a| \n| b| \n");
    CHECK_EQ(cut_by_gpt2("a\nb"), "a|\n|b");
    CHECK_EQ(cut_by_gpt2("I'VE we've 'rex x'"), "I|'|VE| we|'ve| '|rex| x|'");
    CHECK_EQ(cut_by_gpt2("abc123½ 12.5"), "abc|123½| 12|.|5");
    CHECK_EQ(cut_by_gpt2("x\u0301\u200B日本"), "x|\u0301\u200B|日本");
    CHECK_EQ(cut_by_gpt2("a\u0085\u3000b"), "a|\u0085|\u3000|b");
}

TEST_CASE("bytes are spelt in letters, after a space where one is asked for") {
    CHECK_EQ(cut(*make_byte_level_pre_tokenizer({true, true}), "é a"), "ĠÃ©|Ġa");
    CHECK_EQ(cut(*make_byte_level_pre_tokenizer({false, false}), "é a"), "Ã©Ġa");
}

TEST_CASE("digits and punctuation are cut as they are told") {
    CHECK_EQ(cut(*make_digits_pre_tokenizer(false), "ab12c3"), "ab|12|c|3");
    CHECK_EQ(cut(*make_digits_pre_tokenizer(true), "ab12c"), "ab|1|2|c");
    CHECK_EQ(cut(*make_punctuation_pre_tokenizer(CutBehaviour::kContiguous), "a?!b."), "a|?!|b|.");
    CHECK_EQ(cut(*make_punctuation_pre_tokenizer(CutBehaviour::kIsolated), "a?!b"), "a|?|!|b");
    CHECK_EQ(cut(*make_white_space_pre_tokenizer(), " a\u3000b "), "a|b");
}

TEST_CASE("the byte letters are 256 different characters, and lead back") {
    std::vector<char32_t> letters(kByteLetters.begin(), kByteLetters.end());
    std::sort(letters.begin(), letters.end());
    CHECK(std::unique(letters.begin(), letters.end()) == letters.end());
    for (std::size_t byte = 0; byte < 256; ++byte) {
        CHECK_EQ(byte_of_letter(kByteLetters[byte]).value_or(0), byte);
    }
    CHECK_FALSE(byte_of_letter(U' '));
    CHECK_FALSE(byte_of_letter(0x144));
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("core/tokenizer/added_tokens");

TEST_CASE("flags decide where a token is found and what it takes along") {
    AddedToken token;
    token.content = "<m>";
    CHECK_EQ(find_tokens(token, "a <m> b<m>"), "a {<m>} b{<m>}");
    CHECK_EQ(find_tokens(token, ""), "");
    SUBCASE("left") {
        token.strips_left = true;
        CHECK_EQ(find_tokens(token, "a \u3000<m> b <m><m>"), "a{ \u3000<m>} b{ <m>}{<m>}");
    }
    SUBCASE("right") {
        token.strips_right = true;
        CHECK_EQ(find_tokens(token, "a <m> \n b <m>"), "a {<m> \n }b {<m>}");
    }
    SUBCASE("both, and the white space between two goes to the first") {
        token.strips_left = token.strips_right = true;
        CHECK_EQ(find_tokens(token, "a <m> <m> b"), "a{ <m> }{<m> }b");
    }
    SUBCASE("single word") {
        token.is_single_word = true;
        CHECK_EQ(find_tokens(token, "a<m> <m>é <m>, _<m>"), "a<m> <m>é {<m>}, _<m>");
    }
}

TEST_CASE("of several tokens the leftmost, then the longest is found") {
    std::vector<AddedToken> tokens(3);
    tokens[0].content = "ab";
    tokens[1].content = "abcd";
    tokens[1].id = 1;
    tokens[2].content = "bc";
    tokens[2].id = 2;
    const AddedTokens added(std::move(tokens), nullptr);
    const auto parts = added.in_original().cut("abcabcdbc");
    REQUIRE_EQ(parts.size(), 4);
    CHECK_EQ(parts[0].token->id, 0);
    CHECK(parts[1].token == nullptr);
    CHECK_EQ(parts[2].token->id, 1);
    CHECK_EQ(parts[3].token->id, 2);
}

TEST_CASE("a normalised token is looked for as the normalizer leaves it") {
    const auto lower = make_lower_case_normalizer();
    std::vector<AddedToken> tokens(1);
    tokens[0].content = "<M>";
    tokens[0].is_normalized = true;
    const AddedTokens added(std::move(tokens), lower.get());
    CHECK_EQ(added.in_normalized().cut("a<m>").size(), 2);
    CHECK_EQ(added.in_original().cut("a<M>").size(), 1);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("core/tokenizer/decoders");

TEST_CASE("scores are rounded as the reference library rounds them") {
    CHECK_EQ(round_as_digits(-0.9385958677423489), -0.9385958677423488);
    for (const double score : {0.0, -1.5, -12.25, 3.0, 1e300, -1e-300}) {
        CHECK_EQ(round_as_digits(score), score);
    }
}

TEST_CASE("WordPiece glues and cleans up a piece at a time") {
    const auto decoder = make_wordpiece_decoder("##", true);
    CHECK_EQ(decoder->decode({"he", "##llo", ",", "you", "!", "'", "s"}), "hello, you! ' s");
    CHECK_EQ(decoder->decode({"it", "'s", "do not", "n't"}), "it's don'tn't");
    CHECK_EQ(decoder->decode({"##a", "b"}), "##a b");
    CHECK_EQ(make_wordpiece_decoder("##", false)->decode({"a", "."}), "a .");
    CHECK_EQ(decoder->decode({}), "");
}

TEST_CASE("bytes become text; what is no letter stands for itself") {
    const auto decoder = make_byte_level_decoder();
    CHECK_EQ(decoder->decode({"ĠÃ", "©", "日"}), " é日");
    CHECK_EQ(decoder->decode({"âĢ"}), "\uFFFD");
    CHECK_EQ(make_joining_decoder()->decode({"a", "b"}), "a b");
}

TEST_CASE("a character cut short counts once, other broken bytes each") {
    CHECK_EQ(replace_broken_characters("a\xE2\x80z"), "a\uFFFDz");
    CHECK_EQ(replace_broken_characters("\xF0\x9F\x98"), "\uFFFD");
    CHECK_EQ(replace_broken_characters("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
    CHECK_EQ(replace_broken_characters("\xC0\x80\xFF"), "\uFFFD\uFFFD\uFFFD");
    CHECK_EQ(replace_broken_characters("\xC3\xC3\xA9"), "\uFFFDé");
}

TEST_SUITE_END();

}  // namespace heed
