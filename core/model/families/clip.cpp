#include "core/model/families/clip.h"

#include <string>

#include "core/model/families/clip_encoder.h"

namespace heed {
namespace {

constexpr const char* kClassifierClass = "CLIPForImageClassification";

// How wide the common space is where the class has the map into it; 0 where it does not.
int projected_width(const ModelConfig& config, const std::string& architecture) {
    const bool is_projected = architecture.ends_with("WithProjection");
    return is_projected ? config.size({"projection_dim"}, 512) : 0;
}

class ClipTextNetwork : public Network {
  public:
    ClipTextNetwork(const ModelConfig& config, WeightSource& weights)
        : architecture_(config.architecture_among({"CLIPTextModel", "CLIPTextModelWithProjection"},
                                                  weights.has("text_projection.weight")
                                                      ? "CLIPTextModelWithProjection"
                                                      : "CLIPTextModel")),
          text_(config, weights, projected_width(config, architecture_)) {}

    ModelSummary sizes() const override {
        ModelSummary sizes;
        sizes.architecture = architecture_;
        text_.describe(sizes);
        return sizes;
    }
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override {
        GraphBuilder b;
        text_.emit(b, lengths.tokens);
        return b.build();
    }
    std::vector<int> derived_ids(const std::string& /*input*/,
                                 const std::vector<int>& ids) const override {
        return {text_.pooled_position(ids)};
    }

  private:
    std::string architecture_;
    ClipText text_;
};

class ClipVisionNetwork : public Network {
  public:
    ClipVisionNetwork(const ModelConfig& config, WeightSource& weights)
        : architecture_(config.architecture_among(
              {"CLIPVisionModel", "CLIPVisionModelWithProjection"},
              weights.has("visual_projection.weight") ? "CLIPVisionModelWithProjection"
                                                      : "CLIPVisionModel")),
          vision_(config, weights, projected_width(config, architecture_)) {}

    ModelSummary sizes() const override {
        ModelSummary sizes;
        sizes.architecture = architecture_;
        vision_.describe(sizes);
        return sizes;
    }
    std::shared_ptr<const Graph> build_graph(const Lengths& /*lengths*/) const override {
        GraphBuilder b;
        vision_.emit_pooled(b, vision_.emit(b));
        return b.build();
    }

  private:
    std::string architecture_;
    ClipVision vision_;
};

// The config of one encoder within that of both. Where a file still has "<key>_dict", that counts.
ModelConfig part_of(const ModelConfig& config, const std::string& key) {
    const Json* part = config.reader().get_object(key + "_dict");
    if (part == nullptr) part = config.reader().get_object(key);
    Json empty;
    empty.kind = Json::Kind::kObject;
    return ModelConfig(part == nullptr ? empty : *part, config.where() + ": " + key);
}

class ClipNetwork : public Network {
  public:
    ClipNetwork(const ModelConfig& config, WeightSource& weights)
        : text_(part_of(config, "text_config"), weights, config.size({"projection_dim"}, 512)),
          vision_(part_of(config, "vision_config"), weights, config.size({"projection_dim"}, 512)) {
    }

    ModelSummary sizes() const override {
        ModelSummary of_pictures;
        vision_.describe(of_pictures);
        ModelSummary sizes;
        sizes.architecture = "CLIPModel";
        text_.describe(sizes);
        sizes.takes_image = true;
        sizes.channels = of_pictures.channels;
        sizes.image_height = of_pictures.image_height;
        sizes.image_width = of_pictures.image_width;
        sizes.note = "these are the sizes for texts; for pictures: layers " +
                     std::to_string(of_pictures.layers) + ", heads " +
                     std::to_string(of_pictures.heads) + ", d_model " +
                     std::to_string(of_pictures.d_model);
        return sizes;
    }
    // That of a picture where there are no tokens.
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override {
        GraphBuilder b;
        if (lengths.tokens > 0) {
            text_.emit(b, lengths.tokens);
        } else {
            vision_.emit_pooled(b, vision_.emit(b));
        }
        return b.build();
    }
    std::vector<int> derived_ids(const std::string& /*input*/,
                                 const std::vector<int>& ids) const override {
        return {text_.pooled_position(ids)};
    }

  private:
    ClipText text_;
    ClipVision vision_;
};

// Classes of pictures, by the mean of what their patches became.
class ClipClassifier : public Network {
  public:
    ClipClassifier(const ModelConfig& config, WeightSource& weights)
        : vision_(part_of(config, "vision_config"), weights, 0) {
        const Axis labels{"P", weights.rows("classifier.weight", config.labels())};
        unembed_ = load_linear(weights, "classifier", "U", vision_.width(), labels);
        has_probs_ = config.is_distribution(labels.extent);
    }

    ModelSummary sizes() const override {
        ModelSummary sizes;
        sizes.architecture = kClassifierClass;
        vision_.describe(sizes);
        return sizes;
    }
    std::shared_ptr<const Graph> build_graph(const Lengths& /*lengths*/) const override {
        GraphBuilder b;
        const NodeId final = vision_.emit(b);
        unembed(b, vision_.emit_mean(b, final), unembed_, has_probs_);
        return b.build();
    }

  private:
    ClipVision vision_;
    LinearWeights unembed_;
    bool has_probs_ = true;
};

}  // namespace

std::unique_ptr<Network> open_clip(const ModelConfig& config, WeightSource& weights) {
    const char* usual = weights.has("classifier.weight") ? kClassifierClass : "CLIPModel";
    if (config.architecture_among({"CLIPModel", kClassifierClass}, usual) == kClassifierClass) {
        return std::make_unique<ClipClassifier>(config, weights);
    }
    return std::make_unique<ClipNetwork>(config, weights);
}

std::unique_ptr<Network> open_clip_text(const ModelConfig& config, WeightSource& weights) {
    return std::make_unique<ClipTextNetwork>(config, weights);
}

std::unique_ptr<Network> open_clip_vision(const ModelConfig& config, WeightSource& weights) {
    return std::make_unique<ClipVisionNetwork>(config, weights);
}

}  // namespace heed
