//! Does a server say that it serves, and does it name its services where the operator asked for that alone?

use quoin::server::access::AccessOptions;
use tonic::Code;

use super::server::{Running, block_on};

#[test]
fn health_answers_and_reflection_names_the_services() {
    use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
    use tonic_reflection::pb::v1::ServerReflectionRequest;
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    let running = Running::with(AccessOptions { reflection: true, ..AccessOptions::default() });
    let silent = Running::start();
    block_on(async {
        let mut health = HealthClient::new(running.channel().await);
        for service in ["", "quoin.v1.PricingService"] {
            let answer = health.check(HealthCheckRequest { service: service.to_owned() }).await.unwrap();
            assert_eq!(answer.into_inner().status().as_str_name(), "SERVING");
        }
        let mut reflection = ServerReflectionClient::new(running.channel().await);
        let ask = ServerReflectionRequest {
            host: String::new(),
            message_request: Some(MessageRequest::ListServices(String::new())),
        };
        let mut answers =
            reflection.server_reflection_info(tokio_stream::iter([ask])).await.unwrap().into_inner();
        let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
        let MessageResponse::ListServicesResponse(listed) = answer else { panic!("{answer:?}") };
        let names: Vec<_> = listed.service.into_iter().map(|service| service.name).collect();
        assert!(names.contains(&"quoin.v1.PricingService".to_owned()), "{names:?}");
        // Nobody is told of services unless the operator asked for that.
        let mut reflection = ServerReflectionClient::new(silent.channel().await);
        let refused = reflection.server_reflection_info(tokio_stream::empty()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unimplemented);
    });
}
