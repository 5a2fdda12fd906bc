// What the ways of the vectors view share among each other.
#pragma once

#include <string>

#include "app/views/vectors.h"

namespace heed::app {

struct VectorsScene {
    const Trace& trace;
    const Selection& selection;
    const VectorPath& path;
    int step = 0;  // of the path: what "in context" means
    const MatrixAxis& words;
    VectorsViewState& state;
    UiContext& ui;

    NodeId context() const { return path.steps[static_cast<std::size_t>(step)]; }
    const std::string& name(NodeId node) const { return trace.graph().node(node).name; }
    SpaceOptions space() const { return {state.options.centres, state.options.is_unit}; }
    // Of the trace and the options, for jobs and pictures.
    std::uint64_t version(std::initializer_list<std::uint64_t> more) const;
};

// "after layer 3", "before the first layer", "at the end".
std::string step_text(const VectorPath& path, int step);

// Chooses a word, keeping what is asked about.
void choose_word(const VectorsScene& scene, int word, ViewResult& result);

void draw_vectors_words(const VectorsScene& scene, const Rect& body, ViewResult& result);
void draw_vectors_cosines(const VectorsScene& scene, const Rect& body, ViewResult& result);
void draw_vectors_map(const VectorsScene& scene, const Rect& body, ViewResult& result);
void draw_vectors_compare(const VectorsScene& scene, const Rect& body, ViewResult& result);

// A map of the words, and of the other sentence's where the plane has them.
struct MapPicture {
    std::string id;  // of the items and the figure: "view/vectors/map"
    const WordPlane& plane;
    MapWindow& window;
    std::uint64_t version = 0;  // of the plane
    const Trace* other = nullptr;
    int other_word = -1;  // that belongs to the chosen word
};
void draw_map(const VectorsScene& scene, const Rect& body, const MapPicture& picture,
              ViewResult& result);

}  // namespace heed::app
