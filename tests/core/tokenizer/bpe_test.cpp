#include "core/tokenizer/bpe.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "core/tokenizer/wordpiece.h"

namespace heed {
namespace {

using Pair = std::pair<std::string, std::string>;

// A random table of merges over the letters a to d, each of pieces that are there already.
struct RandomTable {
    std::vector<std::string> pieces{"a", "b", "c", "d"};
    std::vector<BpeMerge> merges;

    RandomTable(unsigned seed, std::size_t count) {
        std::mt19937 random(seed);
        std::map<Pair, bool> seen;
        while (merges.size() < count) {
            const std::string left = pieces[random() % pieces.size()];
            const std::string right = pieces[random() % pieces.size()];
            if (left.size() + right.size() > 6 || seen[{left, right}]) continue;
            seen[{left, right}] = true;
            merges.push_back({left, right});
            const std::string made = left + right;
            if (std::find(pieces.begin(), pieces.end(), made) == pieces.end()) {
                pieces.push_back(made);
            }
        }
    }

    std::unique_ptr<const Vocabulary> vocabulary() const {
        std::vector<Vocabulary::Entry> entries;
        for (const std::string& piece : pieces) {
            entries.push_back({piece, static_cast<std::int64_t>(entries.size())});
        }
        return std::make_unique<Vocabulary>(std::move(entries), "test", "");
    }
};

// The definition: again and again, the pair of lowest rank, leftmost first, one at a time.
std::vector<std::string> merge_slowly(const std::string& word,
                                      const std::vector<BpeMerge>& merges) {
    std::vector<std::string> parts;
    for (const char letter : word) parts.emplace_back(1, letter);
    while (true) {
        std::size_t best_rank = merges.size();
        std::size_t best_at = 0;
        for (std::size_t at = 0; at + 1 < parts.size(); ++at) {
            for (std::size_t rank = 0; rank < best_rank; ++rank) {
                if (merges[rank].left == parts[at] && merges[rank].right == parts[at + 1]) {
                    best_rank = rank;
                    best_at = at;
                }
            }
        }
        if (best_rank == merges.size()) return parts;
        parts[best_at] += parts[best_at + 1];
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best_at) + 1);
    }
}

// The definition: from the longest to the shortest.
std::vector<std::string> cut_slowly(const std::string& word, const Vocabulary& vocabulary) {
    std::vector<std::string> parts;
    std::size_t at = 0;
    while (at < word.size()) {
        std::size_t end = word.size();
        const std::string prefix = at > 0 ? "##" : "";
        while (end > at && !vocabulary.find(prefix + word.substr(at, end - at))) --end;
        if (end == at) return {"[UNK]"};
        parts.push_back(prefix + word.substr(at, end - at));
        at = end;
    }
    return parts;
}

std::vector<std::string> split(const TokenModel& model, const std::string& word) {
    std::vector<WordToken> tokens;
    model.make_splitter()->split(word, tokens);
    std::vector<std::string> parts;
    std::size_t at = 0;
    for (const WordToken& token : tokens) {
        CHECK_EQ(token.begin, at);
        at = token.end;
        parts.push_back(*model.vocabulary().piece(token.id));
    }
    CHECK_EQ(at, word.size());
    return parts;
}

std::string random_word(std::mt19937& random) {
    std::string word;
    const std::size_t length = 1 + random() % 30;
    while (word.size() < length) word += static_cast<char>('a' + random() % 4);
    return word;
}

}  // namespace

TEST_SUITE_BEGIN("core/tokenizer/bpe");

TEST_CASE("merging with a heap gives what merging by the definition gives") {
    std::mt19937 random(7);
    for (unsigned seed = 0; seed < 40; ++seed) {
        const RandomTable table(seed, 30);
        const Bpe model(table.vocabulary(), table.merges, {}, "test");
        for (int i = 0; i < 50; ++i) {
            const std::string word = random_word(random);
            CAPTURE(seed);
            CAPTURE(word);
            CHECK_EQ(split(model, word), merge_slowly(word, table.merges));
        }
    }
}

TEST_CASE("a word of a million letters is merged in time") {
    const RandomTable table(3, 30);
    const Bpe model(table.vocabulary(), table.merges, {}, "test");
    std::vector<WordToken> tokens;
    model.make_splitter()->split(std::string(1'000'000, 'a'), tokens);
    CHECK_EQ(tokens.back().end, 1'000'000);
}

TEST_CASE("unknown characters, affixes and whole words follow the options") {
    const auto vocabulary = [] {
        return std::make_unique<Vocabulary>(
            std::vector<Vocabulary::Entry>{
                {"?", 0}, {"a", 1}, {"b", 2}, {"b</w>", 3}, {"ab</w>", 4}, {"aab", 5}},
            "test", "");
    };
    BpeOptions options;
    options.unknown_piece = "?";
    const auto ids = [&](const std::string& word, const std::vector<BpeMerge>& merges) {
        const Bpe model(vocabulary(), merges, options, "test");
        std::vector<WordToken> tokens;
        model.make_splitter()->split(word, tokens);
        std::vector<int> out;
        for (const WordToken& token : tokens) out.push_back(token.id);
        return out;
    };
    CHECK_EQ(ids("axyb", {}), std::vector<int>{1, 0, 0, 2});
    options.is_unknown_fused = true;
    CHECK_EQ(ids("axyb", {}), std::vector<int>{1, 0, 2});
    options.end_of_word_suffix = "</w>";
    CHECK_EQ(ids("bab", {{"a", "b</w>"}}), std::vector<int>{2, 4});
    options.end_of_word_suffix = "";
    options.ignores_merges = true;
    CHECK_EQ(ids("aab", {}), std::vector<int>{5});
    options.ignores_merges = false;
    CHECK_EQ(ids("aab", {}), std::vector<int>{1, 1, 2});
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("core/tokenizer/wordpiece");

TEST_CASE("walking the tree gives what trying every end gives") {
    std::mt19937 random(11);
    for (int round = 0; round < 40; ++round) {
        std::vector<Vocabulary::Entry> entries{{"[UNK]", 0}};
        std::map<std::string, bool> seen;
        while (entries.size() < 40) {
            std::string piece = random_word(random).substr(0, 1 + random() % 4);
            if (random() % 2 == 0) piece = std::string("##").append(piece);
            if (seen[piece]) continue;
            seen[piece] = true;
            entries.push_back({piece, static_cast<std::int64_t>(entries.size())});
        }
        const WordPiece model(std::make_unique<Vocabulary>(entries, "test", ""), {}, "test");
        for (int i = 0; i < 50; ++i) {
            const std::string word = random_word(random);
            CAPTURE(word);
            CHECK_EQ(split(model, word), cut_slowly(word, model.vocabulary()));
        }
    }
}

TEST_CASE("a word of more than 100 characters is unknown, whatever it is") {
    const WordPiece model(
        std::make_unique<Vocabulary>(
            std::vector<Vocabulary::Entry>{{"[UNK]", 0}, {"é", 1}, {"##é", 2}}, "test", ""),
        {}, "test");
    std::string word;
    for (int i = 0; i < 100; ++i) word += "é";
    CHECK_EQ(split(model, word).size(), 100);
    CHECK_EQ(split(model, word + "é"), std::vector<std::string>{"[UNK]"});
}

TEST_SUITE_END();

}  // namespace heed
