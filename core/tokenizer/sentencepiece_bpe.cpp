// Byte pair encoding as SentencePiece does it: neighbours whose joined text is a piece are joined,
// the best score first, the leftmost at a tie.
#include <queue>

#include "core/tokenizer/sentencepiece.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Part of the text; a linked list. Empty once it went into the symbol before it.
struct Symbol {
    std::size_t begin = 0;
    std::size_t size = 0;
    std::size_t previous = kNone;
    std::size_t next = kNone;
    bool is_frozen = false;  // a piece that the user has defined
};

struct Pair {
    float score = 0;
    std::size_t left = 0;
    std::size_t right = 0;
    std::size_t size = 0;  // of both together: tells whether they are still what they were
    // The queue hands out its largest element first.
    bool operator<(const Pair& other) const {
        return score != other.score ? score < other.score : left > other.left;
    }
};

std::vector<Symbol> list_characters(std::string_view text, const ByteTrie& user_defined) {
    std::vector<Symbol> symbols;
    for (std::size_t at = 0; at < text.size();) {
        Symbol symbol;
        symbol.begin = at;
        const auto match = user_defined.find_longest(text, at);
        symbol.is_frozen = match.has_value();
        symbol.size =
            match ? match->length : static_cast<std::size_t>(decode_character(text, at).length);
        at += symbol.size;
        symbol.previous = symbols.empty() ? kNone : symbols.size() - 1;
        symbol.next = at < text.size() ? symbols.size() + 1 : kNone;
        symbols.push_back(symbol);
    }
    return symbols;
}

}  // namespace

std::vector<SentencePiece::Cut> SentencePiece::cut_bpe(std::string_view text) const {
    std::vector<Symbol> symbols = list_characters(text, user_defined_);
    std::priority_queue<Pair> queue;
    std::unordered_map<std::string, std::size_t> made_of;  // unused pieces: size of the left part
    const auto offer = [&](std::size_t left, std::size_t right) {
        if (left == kNone || right == kNone) return;
        const Symbol& a = symbols[left];
        const Symbol& b = symbols[right];
        if (a.is_frozen || b.is_frozen) return;
        const std::string_view joined = text.substr(a.begin, a.size + b.size);
        const auto found = ids_.find(joined);
        if (found == ids_.end()) return;
        const auto& piece = model_.pieces[static_cast<std::size_t>(found->second)];
        queue.push({piece.score, left, right, joined.size()});
        if (piece.type == SentencePieceModel::Type::kUnused) {
            made_of.emplace(std::string(joined), a.size);
        }
    };
    for (std::size_t i = 1; i < symbols.size(); ++i) offer(i - 1, i);
    while (!queue.empty()) {
        const Pair top = queue.top();
        queue.pop();
        Symbol& left = symbols[top.left];
        Symbol& right = symbols[top.right];
        if (left.size == 0 || right.size == 0 || left.size + right.size != top.size) continue;
        left.size = top.size;
        left.next = right.next;
        if (right.next != kNone) symbols[right.next].previous = top.left;
        right.size = 0;
        offer(left.previous, top.left);
        offer(top.left, left.next);
    }
    std::vector<Cut> out;
    std::size_t at = 0;
    for (const Symbol& symbol : symbols) {
        if (symbol.size > 0) resegment(text.substr(symbol.begin, symbol.size), made_of, at, out);
    }
    return out;
}

void SentencePiece::resegment(std::string_view piece,
                              const std::unordered_map<std::string, std::size_t>& made_of,
                              std::size_t& at, std::vector<Cut>& out) const {
    const int id = id_of(piece);
    const auto parts = made_of.find(std::string(piece));
    if (id == unknown_id_ || !is(id, SentencePieceModel::Type::kUnused) || parts == made_of.end()) {
        at += piece.size();
        out.push_back({at, id});
        return;
    }
    resegment(piece.substr(0, parts->second), made_of, at, out);
    resegment(piece.substr(parts->second), made_of, at, out);
}

}  // namespace heed
