#include "core/model/gguf_weights.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/model/gguf_config.h"

namespace heed {
namespace {

std::string with_layer(std::string_view name, int layer) {
    std::string out(name);
    const std::size_t at = out.find('#');
    if (at != std::string::npos) out.replace(at, 1, std::to_string(layer));
    return out;
}

// `part` of `parts` of a tensor's rows, as an entry of its own.
GgufEntry take_rows(GgufEntry entry, int part, int parts) {
    if (parts == 1) return entry;
    if (entry.extents.empty() || entry.extents.front() % parts != 0) {
        throw Error(entry.file, entry.name, "rows in " + std::to_string(parts) + " equal parts",
                    to_string(entry.extents));
    }
    // A vector's numbers are its rows: those of block types cannot be taken apart.
    const auto blocks = entry.bytes.size() / entry.type->block_bytes;
    if (blocks % static_cast<std::size_t>(parts) != 0) {
        throw Error(entry.file, entry.name, "whole blocks in each part", to_string(entry.extents));
    }
    const std::size_t bytes = entry.bytes.size() / static_cast<std::size_t>(parts);
    entry.extents.front() /= parts;
    entry.bytes = entry.bytes.subspan(static_cast<std::size_t>(part) * bytes, bytes);
    return entry;
}

Tensor transposed(const Tensor& from) {
    const int rows = from.extents()[0];
    const int columns = from.extents()[1];
    Tensor to({columns, rows});
    const std::span<const float> in = from.values();
    const std::span<float> out = to.values();
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            out[static_cast<std::size_t>(column) * static_cast<std::size_t>(rows) +
                static_cast<std::size_t>(row)] =
                in[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                   static_cast<std::size_t>(column)];
        }
    }
    return to;
}

Tensor turned(const Tensor& from, GgufTurn turn, int heads) {
    if (turn == GgufTurn::kTransposed && from.extents().size() == 2) return transposed(from);
    Tensor to(from.extents());
    if (turn == GgufTurn::kMinusOne) {
        std::transform(from.values().begin(), from.values().end(), to.values().begin(),
                       [](float value) { return value - 1; });
    } else if (turn == GgufTurn::kQueryRows || turn == GgufTurn::kKeyRows) {
        const auto rows = static_cast<std::size_t>(from.extents().front());
        set_rows_apart(from.values(), heads, from.size() / std::max<std::size_t>(rows, 1),
                       to.values());
    } else {
        std::copy(from.values().begin(), from.values().end(), to.values().begin());
    }
    return to;
}

WeightValues fetch_values(const std::shared_ptr<const GgufFile>& file, const GgufEntry& entry,
                          GgufTurn turn, int heads) {
    const auto address = reinterpret_cast<std::uintptr_t>(entry.bytes.data());
    if (turn == GgufTurn::kNone && entry.type->name == "F32" && address % alignof(float) == 0) {
        return {file, {reinterpret_cast<const float*>(entry.bytes.data()), entry.count()}};
    }
    Tensor plain = read_tensor(entry);
    const auto values = std::make_shared<const Tensor>(
        turn == GgufTurn::kNone ? std::move(plain) : turned(plain, turn, heads));
    return {values, values->values()};
}

}  // namespace

void set_rows_apart(std::span<const float> from, int heads, std::size_t columns,
                    std::span<float> to) {
    const std::size_t rows = columns == 0 ? 0 : from.size() / columns;
    const std::size_t head_rows = rows / static_cast<std::size_t>(heads);
    HEED_CHECK_EQ(head_rows * static_cast<std::size_t>(heads) * columns, from.size());
    HEED_CHECK_EQ(head_rows % 2, std::size_t{0});
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t in_head = row % head_rows;
        const std::size_t target = row - in_head + in_head / 2 + in_head % 2 * (head_rows / 2);
        const auto source = from.subspan(row * columns, columns);
        std::copy(source.begin(), source.end(),
                  to.begin() + static_cast<std::ptrdiff_t>(target * columns));
    }
}

GgufWeights::GgufWeights(std::shared_ptr<const GgufFile> file) : file_(std::move(file)) {
    const GgufArchitecture& architecture = gguf_architecture(*file_);
    const GgufSizes sizes = read_gguf_sizes(*file_);
    heads_ = sizes.heads;
    key_heads_ = sizes.key_heads;
    for (const GgufName& name : architecture.names) {
        const bool is_of_block = name.in_file.find('#') != std::string_view::npos;
        for (int layer = 0; layer < (is_of_block ? sizes.layers : 1); ++layer) {
            add(name, layer, architecture);
        }
    }
}

void GgufWeights::add(const GgufName& name, int layer, const GgufArchitecture& architecture) {
    const bool is_row_turn = name.turn == GgufTurn::kQueryRows || name.turn == GgufTurn::kKeyRows;
    const GgufTurn turn =
        is_row_turn && !architecture.are_rows_turned ? GgufTurn::kNone : name.turn;
    for (const char* ending : {".weight", ".bias"}) {
        const GgufEntry* entry = file_->find(with_layer(name.in_file, layer) + ending);
        if (entry != nullptr)
            add_tensor(*entry, with_layer(name.in_folder, layer) + ending, name, turn);
    }
}

void GgufWeights::add_tensor(const GgufEntry& whole, std::string name, const GgufName& row,
                             GgufTurn turn) {
    const GgufEntry part = take_rows(whole, row.part, row.parts);
    const int heads = turn == GgufTurn::kKeyRows ? key_heads_ : heads_;
    if (turn == GgufTurn::kQueryRows || turn == GgufTurn::kKeyRows) {
        const std::int64_t rows = part.extents.empty() ? 0 : part.extents.front();
        if (rows == 0 || rows % (2 * heads) != 0) {
            throw Error(part.file, part.name,
                        "an even number of rows for each of " + std::to_string(heads) + " heads",
                        to_string(part.extents));
        }
    }
    WeightEntry entry;
    entry.file = part.file;
    entry.name = name;
    entry.type = part.type->name;
    if (part.type->read_block == nullptr) entry.wanted = readable_gguf_types();
    entry.extents = part.extents;
    if (turn == GgufTurn::kTransposed) std::reverse(entry.extents.begin(), entry.extents.end());
    entry.bytes = part.bytes;
    entry.fetch = [file = file_, part, turn, heads] {
        return fetch_values(file, part, turn, heads);
    };
    entries_.emplace(std::move(name), std::move(entry));
}

const WeightEntry* GgufWeights::find(std::string_view name) const {
    const auto found = entries_.find(std::string(name));
    return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace heed
