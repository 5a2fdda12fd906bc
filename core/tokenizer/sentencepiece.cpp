#include "core/tokenizer/sentencepiece.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/tokenizer/unicode.h"
#include "core/tokenizer/vocabulary.h"

namespace heed {
namespace {

using Type = SentencePieceModel::Type;

constexpr std::string_view kSpace = "\u2581";
constexpr std::string_view kReplacement = "\uFFFD";
constexpr float kUnknownPenalty = 10;  // below the lowest score

bool is_text_piece(Type type) {
    return type == Type::kNormal || type == Type::kUserDefined || type == Type::kUnused;
}

std::vector<ByteTrie::Entry> list_entries(const SentencePieceModel& model, bool user_defined) {
    std::vector<ByteTrie::Entry> entries;
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
        const SentencePieceModel::Piece& piece = model.pieces[id];
        const bool is_wanted =
            user_defined ? piece.type == Type::kUserDefined : is_text_piece(piece.type);
        if (is_wanted) entries.push_back({piece.text, static_cast<int>(id)});
    }
    return entries;
}

}  // namespace

SentencePiece::SentencePiece(SentencePieceModel model, std::string_view where)
    : model_(std::move(model)),
      trie_(list_entries(model_, false)),
      user_defined_(list_entries(model_, true)),
      lowest_score_(std::numeric_limits<float>::max()),
      highest_score_(std::numeric_limits<float>::lowest()) {
    byte_ids_.fill(-1);
    for (std::size_t i = 0; i < model_.pieces.size(); ++i) {
        const SentencePieceModel::Piece& piece = model_.pieces[i];
        const int id = static_cast<int>(i);
        auto& map = is_text_piece(piece.type) ? ids_ : reserved_;
        if (!map.emplace(piece.text, id).second) {
            throw Error(where, "piece " + std::to_string(id), "each piece once",
                        in_quotes(piece.text) + " a second time");
        }
        if (piece.type == Type::kUnknown) unknown_id_ = id;
        if (piece.type == Type::kByte) {
            const auto byte = parse_byte_piece(piece.text);
            if (!byte) {
                throw Error(where, "piece " + std::to_string(id), "a byte like <0x41>",
                            in_quotes(piece.text));
            }
            byte_ids_[*byte] = id;
        }
        if (piece.type != Type::kNormal) continue;
        lowest_score_ = std::min(lowest_score_, piece.score);
        highest_score_ = std::max(highest_score_, piece.score);
    }
    if (unknown_id_ < 0) throw Error(where, "", "a piece for what is unknown", "none");
}

std::optional<int> SentencePiece::find(std::string_view piece) const {
    if (const auto at = reserved_.find(piece); at != reserved_.end()) return at->second;
    if (const auto at = ids_.find(piece); at != ids_.end()) return at->second;
    return std::nullopt;
}

int SentencePiece::id_of(std::string_view piece) const {
    return find(piece).value_or(unknown_id_);
}

SentencePiece::Prefix SentencePiece::rewrite_prefix(std::string_view text) const {
    if (const auto match = user_defined_.find_longest(text, 0)) {
        return {text.substr(0, match->length), match->length};
    }
    if (const auto match = model_.charsmap.find_longest(text)) {
        return {match->rewritten, match->length};
    }
    const Utf8Char c = decode_character(text, 0);
    if (!c.valid) return {kReplacement, 1};
    const auto length = static_cast<std::size_t>(c.length);
    return {text.substr(0, length), length};
}

SentencePiece::Normalized SentencePiece::normalize(std::string_view text) const {
    Normalized out;
    std::size_t at = 0;
    const auto append = [&](std::string_view bytes, std::size_t origin) {
        out.text += bytes;
        out.origin.resize(out.text.size(), origin);
    };
    const std::string_view space = model_.escapes_spaces ? kSpace : " ";
    if (model_.removes_extra_spaces) {
        while (at < text.size()) {
            const Prefix prefix = rewrite_prefix(text.substr(at));
            if (prefix.rewritten != " ") break;
            at += prefix.length;
        }
    }
    if (at < text.size() && model_.adds_dummy_prefix) append(space, at);
    bool is_after_space = model_.removes_extra_spaces;
    while (at < text.size()) {
        const Prefix prefix = rewrite_prefix(text.substr(at));
        std::string_view rest = prefix.rewritten;
        while (is_after_space && rest.starts_with(' ')) rest.remove_prefix(1);
        for (const char byte : rest) append(byte == ' ' ? space : std::string_view(&byte, 1), at);
        if (!rest.empty()) is_after_space = rest.ends_with(' ');
        at += prefix.length;
        if (!model_.removes_extra_spaces) is_after_space = false;
    }
    while (model_.removes_extra_spaces && out.text.ends_with(space)) {
        const std::size_t length = out.text.size() - space.size();
        at = out.origin[length];
        out.text.resize(length);
        out.origin.resize(length);
    }
    out.origin.push_back(at);
    return out;
}

std::vector<SentencePiece::Cut> SentencePiece::cut_unigram(std::string_view text) const {
    struct Step {
        int id = -1;
        float score = 0;
        std::size_t begin = std::numeric_limits<std::size_t>::max();
    };
    std::vector<Step> best(text.size() + 1);
    const auto offer = [&best](std::size_t begin, std::size_t end, int id, double score) {
        Step& step = best[end];
        const bool is_new = step.begin == std::numeric_limits<std::size_t>::max();
        if (is_new || score > static_cast<double>(step.score)) {
            step = {id, static_cast<float>(score), begin};
        }
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto length = static_cast<std::size_t>(decode_character(text, at).length);
        const float here = best[at].score;
        bool knows_character = false;
        trie_.find_each(text, at, [&](std::size_t size, int id) {
            if (is(id, Type::kUnused)) return;
            // What the user has defined always wins: a bonus for each byte.
            const double score =
                is(id, Type::kUserDefined)
                    ? static_cast<double>(static_cast<float>(size) * highest_score_) - 0.1 +
                          static_cast<double>(here)
                    : static_cast<double>(model_.pieces[static_cast<std::size_t>(id)].score + here);
            offer(at, at + size, id, score);
            knows_character = knows_character || size == length;
        });
        if (!knows_character) {
            offer(at, at + length, unknown_id_,
                  static_cast<double>(lowest_score_ - kUnknownPenalty + here));
        }
        at += length;
    }
    std::vector<Cut> cuts;
    for (std::size_t end = text.size(); end > 0; end = best[end].begin) {
        cuts.push_back({end, best[end].id});
    }
    std::reverse(cuts.begin(), cuts.end());
    return cuts;
}

std::vector<SentencePieceToken> SentencePiece::encode(std::string_view text) const {
    const Normalized normalized = normalize(text);
    const std::string_view all = normalized.text;
    std::vector<SentencePieceToken> out;
    std::size_t begin = 0;
    bool was_unknown = false;
    for (const Cut& cut : model_.is_bpe ? cut_bpe(all) : cut_unigram(all)) {
        const std::string_view piece = all.substr(begin, cut.end - begin);
        const std::size_t from = normalized.origin[begin];
        const std::size_t to = normalized.origin[cut.end];
        const bool is_unknown = cut.id == unknown_id_;
        begin = cut.end;
        if (is_unknown && model_.falls_back_to_bytes) {
            for (const char& byte : piece) {
                const bool is_last = &byte == &piece.back();
                const int id = byte_ids_[static_cast<unsigned char>(byte)];
                const int known = id < 0 ? unknown_id_ : id;
                out.push_back({model_.pieces[static_cast<std::size_t>(known)].text, known, from,
                               is_last ? to : from});
            }
        } else if (is_unknown && was_unknown) {
            out.back().text += piece;
            out.back().end = to;
        } else {
            out.push_back({std::string(piece), cut.id, from, to});
        }
        was_unknown = is_unknown;
    }
    return out;
}

std::string SentencePiece::decode_piece(std::string_view piece, int id, bool& is_at_start) const {
    if (is(id, Type::kControl)) return "";
    if (is(id, Type::kUnknown)) {
        const bool is_sign = model_.pieces[static_cast<std::size_t>(id)].text == piece;
        return is_sign ? model_.unknown_surface : std::string(piece);
    }
    bool took_space = false;
    const bool drops_space = model_.adds_dummy_prefix || model_.removes_extra_spaces;
    if (is_at_start && drops_space && piece.starts_with(kSpace)) {
        piece.remove_prefix(kSpace.size());
        took_space = !model_.removes_extra_spaces;
    }
    std::string out;
    for (std::size_t at = 0; at < piece.size();) {
        if (piece.substr(at).starts_with(kSpace)) {
            out += ' ';
            at += kSpace.size();
        } else {
            out += piece[at++];
        }
    }
    if (took_space) is_at_start = false;
    return out;
}

std::string SentencePiece::decode_pieces(const std::vector<std::string>& pieces) const {
    std::string out;
    std::string bytes;
    bool is_at_start = true;
    const auto flush = [&] {
        out += replace_broken_characters(bytes);
        bytes.clear();
    };
    for (const std::string& piece : pieces) {
        const int id = id_of(piece);
        if (is(id, Type::kByte)) {
            bytes += static_cast<char>(*parse_byte_piece(piece));
            continue;
        }
        flush();
        if (!out.empty()) is_at_start = false;
        out += decode_piece(piece, id, is_at_start);
    }
    flush();
    return out;
}

std::string SentencePiece::decode(const std::vector<int>& ids) const {
    std::vector<std::string> pieces;
    for (const int id : ids) pieces.push_back(model_.pieces[static_cast<std::size_t>(id)].text);
    return decode_pieces(pieces);
}

}  // namespace heed
