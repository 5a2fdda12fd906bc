#include "core/tokenizer/unigram.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/base/error.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

constexpr double kUnknownPenalty = 10;  // below the lowest score

std::vector<ByteTrie::Entry> list_entries(const Vocabulary& vocabulary,
                                          const std::vector<double>& scores) {
    std::vector<ByteTrie::Entry> entries;
    for (int id = 0; id < vocabulary.size(); ++id) {
        const std::string* piece = vocabulary.piece(id);
        if (piece == nullptr || std::isnan(scores[static_cast<std::size_t>(id)])) continue;
        entries.push_back({*piece, id});
    }
    return entries;
}

}  // namespace

double round_as_digits(double score) {
    static constexpr int kMostPlaces = 22;  // 1e22 is the last power of ten that is exact
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, score, std::chars_format::fixed);
    double power = 1;
    int places = -1;
    std::uint64_t whole = 0;
    for (const char* at = text; end.ec == std::errc() && at != end.ptr; ++at) {
        if (*at == '.') places = 0;
        if (*at < '0' || *at > '9') continue;
        if (whole > (UINT64_MAX - 9) / 10) return score;
        whole = 10 * whole + static_cast<std::uint64_t>(*at - '0');
        if (places >= 0) ++places;
    }
    if (end.ec != std::errc() || places > kMostPlaces) return score;
    for (int i = 0; i < places; ++i) power *= 10;
    const double rounded = static_cast<double>(whole) / power;
    return std::signbit(score) ? -rounded : rounded;
}

// The best way to every place of the word, from left to right; at a tie the first found stays.
class UnigramSplitter : public WordSplitter {
  public:
    explicit UnigramSplitter(const Unigram& model) : model_(model) {}

    void split(std::string_view word, std::vector<WordToken>& out) override {
        find_best(word);
        const std::size_t first = out.size();
        std::size_t end = word.size();
        while (end > 0) {
            const Step& step = best_[end];
            const bool joins = step.id == kUnknown && out.size() > first && was_unknown_;
            was_unknown_ = step.id == kUnknown;
            if (joins) {
                out.back().begin = step.begin;
                out.back().text = word.substr(step.begin, out.back().end - step.begin);
            } else {
                out.push_back(
                    {step.id, step.begin, end, word.substr(step.begin, end - step.begin)});
            }
            end = step.begin;
        }
        was_unknown_ = false;
        std::reverse(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
        name_unknown(word, first, out);
    }

  private:
    static constexpr int kUnknown = -1;
    // How a place is reached: the piece that ends there and the sum of scores up to it.
    struct Step {
        double score = 0;
        std::size_t begin = std::numeric_limits<std::size_t>::max();
        int id = kUnknown;
    };

    void offer(std::size_t begin, std::size_t end, int id, double score) {
        Step& step = best_[end];
        if (step.begin == std::numeric_limits<std::size_t>::max() || score > step.score) {
            step = {score, begin, id};
        }
    }

    void find_best(std::string_view word) {
        best_.assign(word.size() + 1, Step{});
        for (std::size_t at = 0; at < word.size();) {
            const auto length = static_cast<std::size_t>(decode_character(word, at).length);
            const double here = best_[at].score;
            bool knows_character = false;
            model_.trie_.find_each(word, at, [&](std::size_t size, int id) {
                offer(at, at + size, id, model_.scores_[static_cast<std::size_t>(id)] + here);
                knows_character = knows_character || size == length;
            });
            if (!knows_character) {
                offer(at, at + length, kUnknown, model_.unknown_score_ + here);
            }
            at += length;
        }
    }

    // Ids for unknown runs: a piece after all, bytes, or the unknown piece.
    void name_unknown(std::string_view word, std::size_t first, std::vector<WordToken>& out) {
        for (std::size_t i = first; i < out.size(); ++i) {
            if (out[i].id != kUnknown) continue;
            const std::string_view text = word.substr(out[i].begin, out[i].end - out[i].begin);
            const auto known = model_.vocabulary_->find(text);
            if (known) {
                out[i].id = *known;
            } else if (!spell_bytes(text, i, out)) {
                out[i].id = model_.options_.unknown_id.value_or(0);
            }
        }
    }

    bool spell_bytes(std::string_view text, std::size_t& at, std::vector<WordToken>& out) {
        if (!model_.options_.falls_back_to_bytes) return false;
        std::vector<WordToken> bytes;
        for (const char byte : text) {
            const int id = model_.byte_ids_[static_cast<unsigned char>(byte)];
            if (id < 0) return false;
            bytes.push_back({id, out[at].begin, out[at].end, {}});
        }
        const auto place = out.begin() + static_cast<std::ptrdiff_t>(at);
        out.insert(out.erase(place), bytes.begin(), bytes.end());
        at += bytes.size() - 1;
        return true;
    }

    const Unigram& model_;
    std::vector<Step> best_;  // by the byte where a piece ends
    bool was_unknown_ = false;
};

Unigram::Unigram(std::unique_ptr<const Vocabulary> vocabulary, std::vector<double> scores,
                 const UnigramOptions& options, std::string_view where)
    : vocabulary_(std::move(vocabulary)),
      scores_(std::move(scores)),
      options_(options),
      trie_(list_entries(*vocabulary_, scores_)),
      byte_ids_(find_byte_pieces(*vocabulary_)) {
    if (options_.unknown_id && vocabulary_->piece(*options_.unknown_id) == nullptr) {
        throw Error(where, "unk_id", "an id of the vocabulary",
                    std::to_string(*options_.unknown_id));
    }
    double lowest = std::numeric_limits<double>::infinity();
    for (const double score : scores_) {
        if (!std::isnan(score)) lowest = std::min(lowest, score);
    }
    unknown_score_ = lowest - kUnknownPenalty;
}

std::unique_ptr<WordSplitter> Unigram::make_splitter() const {
    return std::make_unique<UnigramSplitter>(*this);
}

}  // namespace heed
