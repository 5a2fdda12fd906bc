#include <limits>

#include "tests/core/ops/twin_operands.h"

namespace heed::test {
namespace {

// The cluster of word `id`, and its row there; `rows[c]` words are in cluster c.
struct Word {
    int cluster = 0;
    int row = 0;
};
Word find_word(const std::vector<int>& firsts, int id) {
    Word word;
    for (std::size_t c = 0; c < firsts.size(); ++c) {
        if (id >= firsts[c]) word = {static_cast<int>(c), id - firsts[c]};
    }
    return word;
}

}  // namespace

TwinCell concat_rows_twin(const Operands& in, const std::vector<int>& i) {
    int first = 0;
    for (int part = 0; in.has(part); ++part) {
        const int rows = in.shape(part).extent(0);
        if (i[0] >= first && i[0] < first + rows) {
            return copy_of(in.at(part, {i[0] - first, i[1]}));
        }
        first += rows;
    }
    return {std::numeric_limits<double>::quiet_NaN(), 0};
}

TwinCell concat_columns_twin(const Operands& in, const std::vector<int>& i) {
    int first = 0;
    for (int part = 0; in.has(part); ++part) {
        const int columns = in.shape(part).extent(1);
        if (i[1] >= first && i[1] < first + columns) {
            return copy_of(in.at(part, {i[0], i[1] - first}));
        }
        first += columns;
    }
    return {std::numeric_limits<double>::quiet_NaN(), 0};
}

TwinCell mean_rows_twin(const Operands& in, const std::vector<int>& i) {
    const int rows = in.shape(0).extent(0);
    TwinCell cell;
    for (int t = 0; t < rows; ++t) add_product(cell, 1.0 / rows, in.at(0, {t, i[0]}));
    return cell;
}

// Runs over the pixels of the patch as a program would cut it out.
TwinCell patches_twin(const Operands& in, const std::vector<int>& i) {
    const int picture = in.operand(0).id;
    const Shape shape = in.reader.graph().input_shape(picture);
    const PatchSize& patch = in.node.attributes.patch;
    const int top = i[0] / (shape.extent(2) / patch.width) * patch.height;
    const int left = i[0] % (shape.extent(2) / patch.width) * patch.width;
    int column = 0;
    for (int c = 0; c < shape.extent(0); ++c) {
        for (int y = 0; y < patch.height; ++y) {
            for (int x = 0; x < patch.width; ++x, ++column) {
                if (column != i[1]) continue;
                return copy_of(
                    static_cast<double>(in.reader.input_value(picture, {c, top + y, left + x})));
            }
        }
    }
    return {std::numeric_limits<double>::quiet_NaN(), 0};
}

TwinCell cluster_embed_twin(const Operands& in, const std::vector<int>& i) {
    const Word word = find_word(in.node.attributes.clusters, in.id(0, i[0]));
    const int table = 2 * word.cluster + 1;
    TwinCell cell;
    for (int e = 0; e < in.shape(table).extent(1); ++e) {
        add_product(cell, in.at(table, {word.row, e}), in.at(table + 1, {e, i[1]}));
    }
    return cell;
}

TwinCell cluster_logprobs_twin(const Operands& in, const std::vector<int>& i) {
    const std::vector<int>& firsts = in.node.attributes.clusters;
    const Word word = find_word(firsts, i[1]);
    if (word.cluster == 0) return copy_of(in.at(0, {i[0], i[1]}));
    // Clusters stand behind the words of the first.
    const int column = in.shape(0).extent(1) - static_cast<int>(firsts.size()) + word.cluster;
    return sum_of(in.at(0, {i[0], column}), in.at(word.cluster, {i[0], word.row}));
}

}  // namespace heed::test
