#include "core/tokenizer/byte_trie.h"

namespace heed {
namespace {

std::size_t count_bytes(const std::vector<ByteTrie::Entry>& entries) {
    std::size_t bytes = 0;
    for (const ByteTrie::Entry& entry : entries) bytes += entry.text.size();
    return bytes;
}

std::uint64_t child_key(std::uint32_t node, char byte) {
    return (std::uint64_t{node} << 8) | static_cast<unsigned char>(byte);
}

}  // namespace

ByteTrie::ByteTrie(const std::vector<Entry>& entries)
    : children_(count_bytes(entries)), values_(1, -1) {
    for (const Entry& entry : entries) {
        std::uint32_t node = kRoot;
        for (const char byte : entry.text) {
            std::uint32_t child = find_child(node, byte);
            if (child == kRoot) {
                child = static_cast<std::uint32_t>(values_.size());
                values_.push_back(-1);
                if (node == kRoot) {
                    of_root_[static_cast<unsigned char>(byte)] = child;
                } else {
                    children_.set(child_key(node, byte), child);
                }
            }
            node = child;
        }
        if (node != kRoot && values_[node] < 0) values_[node] = entry.value;
    }
}

std::uint32_t ByteTrie::find_child(std::uint32_t node, char byte) const {
    if (node == kRoot) return of_root_[static_cast<unsigned char>(byte)];
    const std::uint64_t* child = children_.find(child_key(node, byte));
    return child == nullptr ? kRoot : static_cast<std::uint32_t>(*child);
}

std::optional<std::uint32_t> ByteTrie::walk(std::string_view text) const {
    std::uint32_t node = kRoot;
    for (const char byte : text) {
        node = find_child(node, byte);
        if (node == kRoot) return std::nullopt;
    }
    return node;
}

std::optional<ByteTrie::Match> ByteTrie::find_longest(std::string_view text, std::size_t at,
                                                      std::uint32_t node) const {
    std::optional<Match> best;
    for (std::size_t i = at; i < text.size(); ++i) {
        node = find_child(node, text[i]);
        if (node == kRoot) break;
        if (values_[node] >= 0) best = Match{i + 1 - at, values_[node]};
    }
    return best;
}

}  // namespace heed
