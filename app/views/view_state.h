// What the views remember between frames: zoom, scrolling, open flags. Plain data; lives in the
// document, is changed by the view that it belongs to.
#pragma once

namespace heed::app {

struct AttentionViewState {};
struct HeadsViewState {};
struct StagesViewState {};
struct VectorsViewState {};
struct InspectorViewState {};
struct SentenceViewState {};

struct ViewStates {
    AttentionViewState attention;
    HeadsViewState heads;
    StagesViewState stages;
    VectorsViewState vectors;
    InspectorViewState inspector;
    SentenceViewState sentence;
};

}  // namespace heed::app
