// The one Eigen vocabulary of heed: row-major float32, seen through strides.
#pragma once

#include <Eigen/Core>

namespace heed {

using MatrixRM = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMatrixMap = Eigen::Map<const MatrixRM, Eigen::Unaligned, Eigen::OuterStride<>>;
using MatrixMap = Eigen::Map<MatrixRM, Eigen::Unaligned, Eigen::OuterStride<>>;
using ConstRowMap = Eigen::Map<const Eigen::Array<float, 1, Eigen::Dynamic>>;
using RowMap = Eigen::Map<Eigen::Array<float, 1, Eigen::Dynamic>>;

}  // namespace heed
