#include "app/views/matrix_values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr std::size_t kEntriesKept = 12;
// A derived matrix of more cells than this is read by bands of rows.
constexpr std::size_t kLargestWhole = std::size_t{1} << 22;
constexpr int kBand = 32;

}  // namespace

MatrixValues::MatrixValues(Tile tile, int outer) : tile_(std::move(tile)), outer_(outer) {
    for (int r = row_begin(); r < row_end(); ++r) {
        const float* values = row(r);
        for (int c = 0; c < columns(); ++c) {
            const float magnitude = std::abs(values[c]);
            if (!std::isfinite(magnitude)) {
                has_blocked_ = true;
            } else if (magnitude > largest_) {
                largest_ = magnitude;
            }
        }
    }
}

std::uint64_t hash_key(const MatrixKey& key, std::initializer_list<std::uint64_t> more) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    const auto add = [&hash](std::uint64_t value) {
        hash = (hash ^ value) * 0x100000001B3ULL;
        hash ^= hash >> 29U;
    };
    add(key.trace_number);
    add(static_cast<std::uint64_t>(key.node) + 1);
    add(static_cast<std::uint64_t>(key.outer));
    for (const std::uint64_t value : more) add(value);
    return hash;
}

const MatrixValues* MatrixCache::get(const Trace& trace, const MatrixKey& key, int first, int end) {
    const MatrixExtents extents = matrix_extents(trace.graph().node(key.node).shape);
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
        const MatrixValues& values = at->values;
        if (at->key == key && values.row_begin() <= first && end <= values.row_end()) {
            entries_.splice(entries_.begin(), entries_, at);
            return &entries_.front().values;
        }
    }
    Box box{key.outer, key.outer + 1, 0, extents.rows, 0, extents.cols};
    const std::size_t cells =
        static_cast<std::size_t>(extents.rows) * static_cast<std::size_t>(extents.cols);
    if (trace.is_recomputed(key.node) && cells > kLargestWhole) {
        box.row_begin = std::max(0, first / kBand * kBand);
        box.row_end = std::min(extents.rows, (end + kBand - 1) / kBand * kBand);
    }
    std::optional<Tile> tile = trace.read(key.node, box);
    if (!tile) return nullptr;
    entries_.remove_if([&key](const Entry& entry) {
        return entry.key.trace_number != key.trace_number || entry.key == key;
    });
    entries_.push_front({key, MatrixValues(std::move(*tile), key.outer)});
    if (entries_.size() > kEntriesKept) entries_.pop_back();
    return &entries_.front().values;
}

ColourScale scale_of(const Node& node, const MatrixValues& values) {
    if (node.kind == ValueKind::kProbability) {
        return {ColourScale::Kind::kWeights, ValueScale::kSquareRoot, 1};
    }
    const float high = values.largest() > 0 ? values.largest() : 1.0F;
    return {ColourScale::Kind::kSigned, ValueScale::kSquareRoot, high};
}

ColourTable::ColourTable(const Theme& theme, const ColourScale& scale)
    : scale_(scale), blocked_(pack_rgba(theme.sunk)) {
    const bool is_signed = scale.kind == ColourScale::Kind::kSigned;
    for (int i = 0; i <= kSteps; ++i) {
        const float share = static_cast<float>(i) / static_cast<float>(kSteps);
        const Colour colour = colour_at(theme, scale.kind, is_signed ? 2 * share - 1 : share);
        colours_[static_cast<std::size_t>(i)] = pack_rgba(colour);
    }
}

std::uint32_t ColourTable::at(float value) const {
    if (value == -std::numeric_limits<float>::infinity()) return blocked_;
    return at_place(scale_.place(value));
}

std::size_t ColourTable::step_at(float place) const {
    if (scale_.kind == ColourScale::Kind::kSigned) place = (place + 1) / 2;
    return static_cast<std::size_t>(place * static_cast<float>(kSteps) + 0.5F);
}

std::uint32_t ColourTable::at_place(float place) const {
    return colours_[step_at(place)];
}

ColourSteps ColourTable::steps() const {
    HEED_CHECK(scale_.scale != ValueScale::kQuantile);
    ColourScale shares = scale_;
    shares.high = 1;
    // Numbers in [-1, 1] in their order: bits of the magnitude, with its sign.
    constexpr std::int32_t kOne = std::bit_cast<std::int32_t>(1.0F);
    const auto share_of = [](std::int32_t bits) {
        return bits < 0 ? -std::bit_cast<float>(-bits) : std::bit_cast<float>(bits);
    };
    ColourSteps steps{{}, {colours_.begin(), colours_.end()}, blocked_};
    std::int32_t begin = -kOne;
    for (std::size_t i = 0; i < kSteps; ++i) {
        // The first whose step is beyond the ith; 1 has the last one.
        std::int32_t end = kOne;
        while (begin < end) {
            const std::int32_t middle = begin + (end - begin) / 2;
            if (step_at(shares.place(share_of(middle))) > i) {
                end = middle;
            } else {
                begin = middle + 1;
            }
        }
        steps.edges.push_back(share_of(begin));
    }
    return steps;
}

}  // namespace heed::app
