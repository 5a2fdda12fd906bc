// The vectors of words through the layers, as numbers: which nodes they are, their cosines, their
// places on the plane of the first two principal components. Pure; it draws nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/pca.h"
#include "core/run/trace.h"

namespace heed::app {

// The way of every word's vector: static, what enters the first block, each block's output, what
// the model's end reads. Found by shape, stage and layer; all are [T, D] with the same extents.
struct VectorPath {
    NodeId fixed = -1;                // the static embeddings: a row of the table for each word
    std::vector<NodeId> steps;        // after it; at least one
    std::vector<std::string> labels;  // of the steps: "in", "0", "1", "final"

    int size() const { return static_cast<int>(steps.size()); }
    // The step that an option means: -1 the last, others clamped.
    int step(int wanted) const;
};
// The path of the words of `sequence`; of the first that have one, where none is asked for or it
// has none.
std::optional<VectorPath> find_vector_path(const Graph& graph,
                                           std::optional<int> sequence = std::nullopt);

// The cosine of two rows of `count` numbers; 0 where one of them has no length.
double compute_cosine(const float* a, const float* b, int count);
double compute_cosine(const double* a, const double* b, int count);

struct SpaceOptions {
    bool centres = false;  // each node's mean over its words is taken off
    bool is_unit = false;  // then each vector is divided by its length
};

// A node's vectors as the options want them: [T, D], row-major.
std::vector<double> read_vectors(const Trace& trace, NodeId node, const SpaceOptions& options);

// The cosines of all words with each other, [T, T].
struct CosineMatrix {
    int words = 0;
    std::shared_ptr<const float[]> values;

    Tile tile() const;
};
CosineMatrix compute_cosines(const Trace& trace, NodeId node, const SpaceOptions& options,
                             const CancelToken& cancel);

// The words of one sentence, or of two, on the plane that shows most of their differences. One fit
// over all words, all steps and both sentences.
struct WordPlane {
    struct Spot {
        double x = 0;
        double y = 0;
    };
    int steps = 0;  // with the static one
    int words = 0;
    int other_words = 0;
    std::vector<Spot> spots;        // [steps, words]
    std::vector<Spot> other_spots;  // [steps, other_words]
    std::vector<double> shares;     // of the variance, two

    // Step 0 is the static vector.
    const Spot& spot(int step, int word) const {
        return spots[static_cast<std::size_t>(step * words + word)];
    }
    const Spot& other_spot(int step, int word) const {
        return other_spots[static_cast<std::size_t>(step * other_words + word)];
    }
};
// Along `path`. `other` may be null. Its graph must have the same path.
WordPlane compute_word_plane(const Trace& trace, const Trace* other, const VectorPath& path,
                             const SpaceOptions& options, const CancelToken& cancel);

// A word that both sentences have.
struct SharedWord {
    int own = 0;    // position in this sentence
    int other = 0;  // in the other one: the first such
    bool is_special = false;
};
// Of the words of `path`; those that are no special tokens first.
std::vector<SharedWord> find_shared_words(const Trace& trace, const Trace& other,
                                          const VectorPath& path);

// For each shared word its cosine between the sentences: static, then after each step.
std::vector<std::vector<double>> compare_words(const Trace& trace, const Trace& other,
                                               const VectorPath& path,
                                               const std::vector<SharedWord>& shared,
                                               const SpaceOptions& options,
                                               const CancelToken& cancel);

}  // namespace heed::app
