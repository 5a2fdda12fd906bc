// What the twins read and give back; the twins of positions and of rows, which twin.cpp calls.
#pragma once

#include <cmath>
#include <vector>

#include "tests/core/ops/twin.h"

namespace heed::test {

// Reads operands of one node.
struct Operands {
    const CellReader& reader;
    const Node& node;

    const Operand& operand(int i) const { return node.operands.at(static_cast<std::size_t>(i)); }
    const Shape& shape(int i) const {
        return operand(i).kind == OperandKind::kWeight ? reader.graph().weight(operand(i).id).shape
                                                       : reader.graph().node(operand(i).id).shape;
    }
    bool has(int i) const { return static_cast<std::size_t>(i) < node.operands.size(); }
    double at(int i, const std::vector<int>& index) const {
        if (operand(i).kind == OperandKind::kNode) {
            return static_cast<double>(reader.node_value(operand(i).id, index));
        }
        const WeightView& view = reader.graph().weight(operand(i).id);
        std::ptrdiff_t place = view.offset;
        for (std::size_t a = 0; a < index.size(); ++a) place += index[a] * view.strides[a];
        return static_cast<double>(
            reader.weights().values(view.tensor)[static_cast<std::size_t>(place)]);
    }
    int id(int i, int position) const {
        return static_cast<int>(reader.input_value(operand(i).id, {position}));
    }
};

inline void add_product(TwinCell& cell, double a, double b) {
    cell.value += a * b;
    cell.magnitude += std::abs(a * b);
}
inline TwinCell copy_of(double value) {
    return {value, std::abs(value)};
}
inline TwinCell sum_of(double a, double b) {
    return {a + b, std::abs(a) + std::abs(b)};
}

// twin_positions.cpp
TwinCell sinusoid_twin(const Node& node, const std::vector<int>& i);
TwinCell mask_twin(const Operands& in, const std::vector<int>& i);
TwinCell rotary_twin(const Operands& in, const std::vector<int>& i);
TwinCell alibi_twin(const Operands& in, const std::vector<int>& i);
TwinCell bucket_bias_twin(const Operands& in, const std::vector<int>& i);
TwinCell distance_dots_twin(const Operands& in, const std::vector<int>& i);

// twin_rows.cpp
TwinCell concat_columns_twin(const Operands& in, const std::vector<int>& i);
TwinCell concat_rows_twin(const Operands& in, const std::vector<int>& i);
TwinCell mean_rows_twin(const Operands& in, const std::vector<int>& i);
TwinCell patches_twin(const Operands& in, const std::vector<int>& i);
TwinCell cluster_embed_twin(const Operands& in, const std::vector<int>& i);
TwinCell cluster_logprobs_twin(const Operands& in, const std::vector<int>& i);

}  // namespace heed::test
