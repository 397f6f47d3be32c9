export const ERRORS_INTRODUCTION = `# Codes of Dataverse and Microsoft Entra

What the nodes say when the service answers with one of these codes. For a code that is not listed, they show the service's own text.
`;
